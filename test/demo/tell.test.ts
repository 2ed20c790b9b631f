// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { RolloutStatus } from '../../operator/api/rollout-status.ts';
import { describeChecks, describeTraffic, weightTable } from './tell.ts';

describe('describeTraffic', () => {
  it.each([
    [undefined, 'no answers yet'],
    [{ byVersion: {}, appErrors: {} }, 'answers in the last second: none'],
    [
      { byVersion: { '1.1.0': 10, '1.0.0': 91 }, appErrors: {} },
      'answers in the last second: 1.0.0 91, 1.1.0 10',
    ],
    [
      { byVersion: { '1.1.0': 90, '1.2.0': 10 }, appErrors: { '1.2.0': 3 } },
      'answers in the last second: 1.1.0 90, 1.2.0 10 (3 errors)',
    ],
  ])('%#', (second, text) => {
    expect(describeTraffic(second)).toBe(text);
  });
});

describe('describeChecks', () => {
  const check = {
    name: 'success-rate',
    query: 'q',
    verdict: 'Running',
    good: 1,
    bad: 0,
    limit: '>= 99%',
  } as const;
  const sample = { at: '2026-11-21T10:00:00.000Z' };

  function judged(samples: { at: string; value?: number }[]): RolloutStatus {
    const background = { startedAt: sample.at, revision: 'r', checks: [{ ...check, samples }] };
    return { observedGeneration: 1, analysis: { background } };
  }

  it('tells the newest value of each check beside its limit', () => {
    expect(
      describeChecks(
        judged([
          { ...sample, value: 50 },
          { ...sample, value: 99.84 },
        ]),
      ),
    ).toBe('; success-rate 99.8 (>= 99%)');
  });

  it.each([[judged([])], [judged([{ ...sample }])], [{ observedGeneration: 1 }]])(
    'says nothing without a value: %#',
    (status) => {
      expect(describeChecks(status)).toBe('');
    },
  );
});

describe('weightTable', () => {
  it('has a row for each change, with the time since the first', () => {
    const rows = weightTable([
      { atMs: 1000, desired: 0, observed: 0 },
      { atMs: 1200, desired: 0, observed: 0 },
      { atMs: 2500, desired: 10, observed: 0 },
      { atMs: 7600, desired: 10, observed: 10 },
      { atMs: 7800, desired: 10, observed: 10 },
    ]);

    expect(rows).toEqual([
      '   0.0 s  desired   0%  observed   0%  ',
      '   1.5 s  desired  10%  observed   0%  ',
      '   6.6 s  desired  10%  observed  10%  ##',
    ]);
  });

  it('is empty without samples', () => {
    expect(weightTable([])).toEqual([]);
  });
});
