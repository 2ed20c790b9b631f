// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { ArmCounts } from '../../api/evidence-status.ts';
import { countsOf, historyOf, tickOf } from './arm-counts.ts';
import { resolvedCheck } from './test-checks.ts';
import type { Series } from './query-types.ts';
import { type ArmsReading, isOfArms } from './types.ts';

const AT = 1_000_000_000;

function readingOf(kind: ArmsReading['kind'], slowMs?: number): ArmsReading {
  const { reading } = resolvedCheck({ kind, limit: { kind: 'bounds', max: slowMs } });
  if (!isOfArms(reading)) throw new Error('not a built-in metric');
  return { ...reading, ...(slowMs === undefined ? {} : { slowMs }) };
}

const rate = readingOf('request-success-rate');

function series(labels: Record<string, string>, value: number): Series {
  return { labels, value, atMs: AT };
}

describe('countsOf', () => {
  const buckets = [
    series({ le: '0.1' }, 50),
    series({ le: '0.5' }, 90),
    series({ le: '+Inf' }, 100),
    series({ le: 'x' }, 7),
  ];
  it.each<[string, ArmsReading, Series[], ArmCounts]>([
    [
      'codes',
      rate,
      [series({ code: '200' }, 90), series({ code: '503' }, 10)],
      { requests: 100, errors: 10 },
    ],
    [
      'a count that is no number',
      rate,
      [series({ code: '200' }, Number.NaN), series({ code: '503' }, 1)],
      { requests: 1, errors: 1 },
    ],
    ['nothing', rate, [], { requests: 0, errors: 0 }],
    ['slower than a bound', readingOf('request-duration', 500), buckets, { requests: 100, errors: 10 }],
    [
      'slower than something between two bounds',
      readingOf('request-duration', 300),
      buckets,
      { requests: 100, errors: 30 },
    ],
    [
      'slower than something below the first bound',
      readingOf('request-duration', 50),
      buckets,
      { requests: 100, errors: 75 },
    ],
    [
      'slower than something above the last bound',
      readingOf('request-duration', 900),
      buckets,
      { requests: 100, errors: 10 },
    ],
    ['durations without a line', readingOf('request-duration'), buckets, { requests: 0, errors: 0 }],
    [
      'buckets without +Inf',
      readingOf('request-duration', 500),
      buckets.slice(0, 2),
      { requests: 0, errors: 0 },
    ],
  ])('%s', (_, reading, counted, counts) => {
    expect(countsOf(reading, counted)).toEqual(counts);
  });
});

describe('tickOf', () => {
  const tick = (revision: string, code: string, value: number) =>
    series({ part: 'tick', revision, code }, value);

  it('reads both arms, and when all of it was scraped by our own clock', () => {
    const given = [
      tick('new', '200', 95),
      tick('new', '500', 5),
      tick('old', '200', 900),
      tick('older', '500', 900),
      series({ part: 'requests', revision: 'new', code: '500' }, 77),
      series({ part: 'oldest' }, AT / 1000 + 3600 - 7),
    ];
    expect(tickOf(rate, given, 3_600_000)).toEqual({
      canary: { requests: 100, errors: 5 },
      stable: { requests: 900, errors: 0 },
      oldestMs: AT - 7000,
    });
  });

  it('is none where the answer has no counts, and knows no scrape where none is said', () => {
    expect(tickOf(rate, [series({ part: 'requests', revision: 'new', code: '500' }, 77)], 0)).toBeUndefined();
    expect(tickOf(rate, [tick('old', '200', 9), series({ part: 'oldest' }, Number.NaN)], 0)).toEqual({
      canary: { requests: 0, errors: 0 },
      stable: { requests: 9, errors: 0 },
    });
  });
});

describe('historyOf', () => {
  it('puts the codes of stable together, in the order of time', () => {
    const points = (...values: number[]) => values.map((value, i) => ({ atMs: AT + i * 1000, value }));
    const given: Series[] = [
      { ...series({ revision: 'old', code: '200' }, 3), points: points(90, 80, 70).toReversed() },
      { ...series({ revision: 'old', code: '500' }, 3), points: points(1, 2) },
      { ...series({ revision: 'new', code: '500' }, 3), points: points(9, 9, 9) },
    ];
    expect(historyOf(rate, given)).toEqual([
      { requests: 91, errors: 1 },
      { requests: 82, errors: 2 },
      { requests: 70, errors: 0 },
    ]);
    expect(historyOf(rate, [])).toEqual([]);
  });
});
