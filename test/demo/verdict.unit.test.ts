// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { RolloutStatus } from '../../operator/api/rollout-status.ts';
import { sparkline } from './chart.ts';
import { findSurprises } from './verdict.ts';

function entry(version: string, outcome: string): object {
  return { revision: version, version, outcome, reason: '', message: '', finishedAt: '' };
}

const expected = {
  stable: { revision: 'b', version: '1.1.0' },
  history: [entry('1.2.0', 'RolledBack'), entry('1.1.0', 'Promoted')],
};
const requests = { appErrors: { '1.2.0': 31 }, lostTotal: 0 };

describe('findSurprises', () => {
  const cases: [string, object, typeof requests, string[]][] = [
    ['nothing when all went as told', expected, requests, []],
    [
      'a bad version that was promoted',
      { ...expected, history: [entry('1.2.0', 'Promoted'), entry('1.1.0', 'Promoted')] },
      requests,
      ['the releases ended as "1.2.0 Promoted, 1.1.0 Promoted", not as "1.2.0 RolledBack, 1.1.0 Promoted"'],
    ],
    [
      'the wrong stable version',
      { ...expected, stable: { revision: 'c', version: '1.2.0' } },
      requests,
      ['1.2.0 is stable, not 1.1.0'],
    ],
    ['losses', expected, { ...requests, lostTotal: 3 }, ['3 requests were lost']],
    [
      'errors of a good version',
      expected,
      { ...requests, appErrors: { ...requests.appErrors, '1.1.0': 1 } as typeof requests.appErrors },
      ['1.1.0 answered with errors'],
    ],
    [
      'a bad version that nobody met',
      expected,
      { ...requests, appErrors: { '1.2.0': 0 } },
      ['no client met an error of 1.2.0: nothing was proven'],
    ],
  ];
  it.each(cases)('%s', (_title, status, found, sentences) => {
    expect(findSurprises(RolloutStatus.parse(status), found, { badIsMet: true })).toEqual(sentences);
  });

  it('a bad version that nobody should have met', () => {
    const status = RolloutStatus.parse(expected);
    expect(findSurprises(status, requests, { badIsMet: false })).toEqual(['clients met errors of 1.2.0']);
    const unmet = { appErrors: {}, lostTotal: 0 };
    expect(findSurprises(status, unmet, { badIsMet: false })).toEqual([]);
  });
});

describe('sparkline', () => {
  const samples = [0, 10, 50, 50, 100, 0].map((observed, second) => ({
    atMs: 5_000 + second * 1_000,
    desired: observed,
    observed,
  }));

  it('has one mark a second', () => {
    expect(sparkline(samples, false)).toBe('▁▂▅▅█▁');
    expect(sparkline(samples, true)).toBe('_.++#_');
  });

  it('shows what held last in a second', () => {
    const quick = [0, 200, 400].map((ms, i) => ({ atMs: ms, desired: 0, observed: [0, 100, 50][i] ?? 0 }));
    expect(sparkline(quick, true)).toBe('+');
  });

  it('of nothing is one mark', () => {
    expect(sparkline([], true)).toBe('_');
  });
});
