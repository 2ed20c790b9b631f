// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { judge, startRun } from './judge.ts';
import { planQueries } from './queries.ts';
import { resolvedCheck } from './test-checks.ts';
import type { AnalysisMode, ResolvedCheck } from './types.ts';

const START = 1_000_000;
const mode: AnalysisMode = { kind: 'step' };

function plan(checks: ResolvedCheck[], now: number, as: AnalysisMode = mode) {
  const run = startRun({ checks, revision: 'new', now: START });
  const { queries, nextDueMs } = planQueries({ checks, run, mode: as, now });
  return { wanted: queries.map(({ expression }) => expression), nextDueMs };
}

describe('planQueries', () => {
  const a = resolvedCheck({ name: 'a' });
  const late = resolvedCheck({ name: 'late', initialDelayMs: 30_000 });
  const later = resolvedCheck({ name: 'later', notBeforeMs: START + 60_000 });

  it.each<[string, ResolvedCheck[], number, AnalysisMode, string[], number | undefined]>([
    ['at once', [a], START, mode, ['expression of a'], undefined],
    ['after the delay', [a, late], START, mode, ['expression of a'], START + 30_000],
    [
      'at the end of the delay',
      [a, late],
      START + 30_000,
      mode,
      ['expression of a', 'expression of late'],
      undefined,
    ],
    ['the earliest of several', [late, later], START, mode, [], START + 30_000],
    ['when the window is clean', [later], START + 60_000, mode, ['expression of later'], undefined],
    [
      'the end of a duration',
      [a],
      START,
      { kind: 'step', durationMs: 50_000 },
      ['expression of a'],
      START + 50_000,
    ],
    [
      'a duration that is over',
      [a],
      START + 50_000,
      { kind: 'step', durationMs: 50_000 },
      ['expression of a'],
      undefined,
    ],
    ['the same question once', [a, { ...a, name: 'b' }], START, mode, ['expression of a'], undefined],
    ['a clock that was set back', [late], START - 1, mode, ['expression of late'], undefined],
    ['nothing', [], START, mode, [], undefined],
  ])('%s', (_, ...[checks, now, as, wanted, nextDueMs]) => {
    expect(plan(checks, now, as)).toEqual({ wanted, nextDueMs });
  });

  it.each([99.5, 12])('asks no more for a check that has its verdict, at %d', (value) => {
    const checks = [a, resolvedCheck({ name: 'b', count: 3 })];
    const measurements = new Map([
      ['a', { atMs: START, value }],
      ['b', { atMs: START, value: 100 }],
    ]);
    const previous = startRun({ checks, revision: 'new', now: START });
    const { run } = judge({ previous, checks, mode, measurements, now: START });
    const { queries } = planQueries({ checks, run, mode, now: START });
    expect(queries.map(({ expression }) => expression)).toEqual(['expression of b']);
  });
});
