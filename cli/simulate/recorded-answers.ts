// SPDX-License-Identifier: Apache-2.0
import type { CheckQuery, QueryResult, QuerySuccess } from '../../operator/engine/analysis/query-types.ts';
import { type ArmsReading, isOfArms, type ResolvedCheck } from '../../operator/engine/analysis/types.ts';
import type { Answers } from './answers.ts';
import { type ArmName, answerOfArms, type CountedArm, historyOfArms } from './arm-series.ts';
import type { AskedChecks } from './asked-checks.ts';
import { answerWell } from './good-answers.ts';
import type { Sample } from './samples.ts';

/** How long a recorded answer is given for one that was not recorded: as long as Prometheus looks back. */
export const LOOK_BACK_MS = 5 * 60_000;

/** How far a comparison looks at the past of stable. */
const HISTORY_MS = 3_600_000;

export interface Recording {
  /** Their times in ms since 1970, oldest first. */
  readonly samples: readonly Sample[];
  readonly beginMs: number;
}

/** What was recorded, as it was known at each moment. Checks of which nothing was recorded answer well. */
export function recordedAnswers(checks: AskedChecks, { samples, beginMs }: Recording): Answers {
  const byCheck = new Map(
    [...Map.groupBy(samples, ({ check }) => check)].map(
      ([check, own]) => [check, new Recorded(own)] as const,
    ),
  );
  return {
    isSteady: false,
    answer: (query, atMs) => {
      const { check, isHistory } = checks.find(query);
      const recorded = byCheck.get(check.name);
      if (!recorded) return answerWell(checks, query, atMs);
      if (isHistory) return historyOf(query, check, { recorded, beginMs, atMs });
      return isOfArms(check.reading)
        ? countedAt(query, check, check.reading, { recorded, atMs })
        : saidAt(query, { recorded, atMs });
    },
  };
}

interface Moment {
  readonly recorded: Recorded;
  readonly atMs: number;
}

/** The samples of one check, oldest first. */
class Recorded {
  private readonly arms: Readonly<Record<ArmName, readonly Sample[]>>;

  constructor(samples: readonly Sample[]) {
    const of = (arm: ArmName) => samples.filter((sample) => sample.arm === arm);
    this.arms = { canary: of('canary'), stable: of('stable') };
  }

  /** Those of an arm after one moment and until another. */
  between(arm: ArmName, fromMs: number, untilMs: number): readonly Sample[] {
    const samples = this.arms[arm];
    return samples.slice(countUntil(samples, fromMs), countUntil(samples, untilMs));
  }

  /** The newest one of an arm at a moment. */
  newest(arm: ArmName, atMs: number): Sample | undefined {
    return this.arms[arm][countUntil(this.arms[arm], atMs) - 1];
  }
}

/** How many of them were there at a moment. */
function countUntil(samples: readonly Sample[], atMs: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((samples[middle]?.atMs ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function saidAt({ key, probe }: CheckQuery, { recorded, atMs }: Moment): QueryResult {
  const last = recorded.between('canary', atMs - LOOK_BACK_MS, atMs).at(-1);
  if (!probe) {
    const series = last?.value === undefined ? [] : [{ labels: {}, value: last.value, atMs }];
    return { key, atMs, series };
  }
  if (last?.value !== undefined) {
    const isGood = last.value === 1;
    return { key, atMs, outcome: { isGood, detail: last.detail ?? (isGood ? 'good' : 'bad') } };
  }
  if (probe.kind === 'job') return { key, atMs, error: { kind: 'job-running', detail: 'runs' } };
  return { key, atMs, error: { kind: 'no-pod', detail: last?.detail ?? 'nothing was recorded' } };
}

function countedAt(
  { key }: CheckQuery,
  { windowMs, intervalMs }: ResolvedCheck,
  reading: ArmsReading,
  { recorded, atMs }: Moment,
): QuerySuccess {
  const inLast = (arm: ArmName, ms: number) => sumOf(recorded.between(arm, atMs - ms, atMs));
  const newest = recorded.newest('canary', atMs);
  const window = { canary: inLast('canary', windowMs), stable: inLast('stable', windowMs) };
  const tick = { canary: inLast('canary', intervalMs), stable: inLast('stable', intervalMs) };
  if (!newest || newest.requests === undefined) return { key, atMs, series: [] };
  return { key, atMs, series: answerOfArms(reading, { window, tick, seenMs: newest.atMs, atMs }) };
}

/** Requests and errors of all of them, and the newest percentile. */
function sumOf(samples: readonly Sample[]): CountedArm {
  return {
    requests: samples.reduce((sum, { requests = 0 }) => sum + requests, 0),
    errors: samples.reduce((sum, { errors = 0 }) => sum + errors, 0),
    value: samples.findLast(({ value }) => value !== undefined)?.value,
  };
}

function historyOf(
  { key }: CheckQuery,
  { reading }: ResolvedCheck,
  { recorded, beginMs, atMs }: Moment & { beginMs: number },
): QuerySuccess {
  if (!isOfArms(reading)) return { key, atMs, series: [] };
  const past = recorded.between('stable', beginMs - HISTORY_MS, beginMs);
  return {
    key,
    atMs,
    series: historyOfArms(
      reading,
      past.map((sample) => ({ atMs: sample.atMs, counts: sumOf([sample]) })),
    ),
  };
}
