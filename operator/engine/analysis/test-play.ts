// SPDX-License-Identifier: Apache-2.0
import { fromIso } from '../time.ts';
import { judge, startRun } from './judge.ts';
import { resolvedCheck } from './test-checks.ts';
import type { AnalysisMode, Judgement, Measurement, ResolvedCheck } from './types.ts';

export const START = fromIso('2026-11-21T14:00:00Z');

export type Said = Omit<Measurement, 'atMs'>;

interface Play {
  readonly checks?: readonly ResolvedCheck[];
  readonly mode?: AnalysisMode;
}

/** Plays measurements of the first check, 10 s apart, and gives every judgement on the way. */
export function play(
  said: readonly (Said | undefined)[],
  { checks = [resolvedCheck()], mode = step() }: Play = {},
): Judgement[] {
  let run = startRun({ checks, revision: 'new', now: START });
  return said.map((one, i) => {
    const now = START + i * 10_000;
    const name = checks[0]?.name ?? '';
    const measurements = new Map(one ? [[name, { atMs: now, ...one }]] : []);
    const judgement = judge({ previous: run, checks, mode, measurements, now });
    run = judgement.run;
    return judgement;
  });
}

export function step(durationMs?: number): AnalysisMode {
  return durationMs === undefined ? { kind: 'step' } : { kind: 'step', durationMs };
}

export const background: AnalysisMode = { kind: 'background' };
export const good: Said = { value: 99.4 };
export const bad: Said = { value: 96.21 };
export const refused: Said = { noData: 'ProviderError', detail: 'connection refused' };
export const idle: Said = { noData: 'NoTraffic', detail: 'needs about 7 more requests (3 of 10 in 1m)' };

export function lines(judgements: readonly Judgement[]): string[] {
  return judgements.map(
    ({ verdict, reason, message }) => `${verdict}${reason ? ` ${reason}` : ''}: ${message}`,
  );
}
