// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { logBeyondShare, logEvidence } from './likelihood.ts';
import type { CountedRow } from './count-types.ts';

type Numbers = readonly [number, number, number, number, number?];

function row([requests, errors, theirs, theirErrors, surplus = 0]: Numbers): CountedRow {
  return { canary: { requests, errors }, stable: { requests: theirs, errors: theirErrors }, surplus };
}

function evidence(rows: readonly Numbers[], tolerance = 1.25, dispersion = 1): number {
  return logEvidence(rows.map(row), { tolerance, dispersion });
}

/** Exact expectation of the evidence if `total` errors fall to the canary with the share of `ratio`. */
function expectation(ratio: number, [n, m]: readonly [number, number], total: number): number {
  const p = (ratio * n) / (ratio * n + m);
  let sum = 0;
  let chance = (1 - p) ** total;
  for (let errors = 0; errors <= total; errors += 1) {
    sum += chance * Math.exp(evidence([[n, errors, m, total - errors]]));
    chance *= ((total - errors) / (errors + 1)) * (p / (1 - p));
  }
  return sum;
}

describe('logEvidence', () => {
  it.each<[number, readonly [number, number]]>([
    [1.25, [1000, 9000]],
    [1, [1000, 9000]],
    [0.1, [1000, 9000]],
    [1.25, [500, 500]],
    [1.25, [9000, 1000]],
    [1.25, [10, 99_990]],
  ])('has the expectation 1 at most under ratio %d of %j', (ratio, requests) => {
    for (const total of [1, 2, 7, 40, 100]) {
      expect(expectation(ratio, requests, total)).toBeLessThanOrEqual(1 + 1e-9);
    }
  });

  it('grows without bound where the canary is worse', () => {
    expect(evidence([[1000, 50, 9000, 45]])).toBeGreaterThan(Math.log(1e6));
    expect(evidence([[10_000, 500, 90_000, 450]])).toBeGreaterThan(Math.log(1e60));
  });

  it.each<[string, Numbers[], number, boolean]>([
    ['alike', [[1000, 5, 9000, 45]], 1.25, false],
    ['as bad as tolerated', [[100_000, 6250, 100_000, 5000]], 1.25, false],
    ['worse than tolerated', [[100_000, 7500, 100_000, 5000]], 1.25, true],
    ['no worse than another tolerance', [[100_000, 7500, 100_000, 5000]], 2, false],
    ['no errors at all', [[100_000, 0, 100_000, 0]], 1.25, false],
    ['three errors where stable has none', [[10, 3, 90, 0]], 1.25, false],
    ['five where stable has none', [[100, 5, 900, 0]], 1.25, false],
    ['six where stable has none', [[100, 6, 900, 0]], 1.25, true],
    ['less than anybody is woken for', [[10_000, 10, 90_000, 0]], 1.25, false],
    ['the canary has no requests', [[0, 0, 9000, 900]], 1.25, false],
    ['stable has no requests', [[1000, 900, 0, 0]], 1.25, false],
    [
      'an incident at another share of the traffic',
      [
        [500, 2, 9500, 48],
        [5000, 1500, 5000, 1500],
      ],
      1.25,
      false,
    ],
  ])('%s', (_, rows, tolerance, rejects) => {
    expect(evidence(rows, tolerance) >= Math.log(1000)).toBe(rejects);
  });

  it('counts like times together as it counts them apart', () => {
    expect(evidence([[3000, 30, 27_000, 135]])).toBeCloseTo(
      evidence([
        [1000, 9, 9000, 55],
        [2000, 21, 18_000, 80],
      ]),
    );
  });

  it('weighs less where errors come in bursts, and nothing that is left out', () => {
    const rows: Numbers[] = [[1000, 50, 9000, 45]];
    expect(evidence(rows, 1.25, 4)).toBeLessThan(evidence(rows) / 2);
    expect(evidence([[1000, 50, 9000, 45, 45]])).toBeCloseTo(evidence([[1000, 5, 9000, 45]]));
  });
});

describe('logBeyondShare', () => {
  it.each<[number, number, number, number]>([
    [1000, 10, 0.01, 0],
    [1000, 5, 0.01, 0],
    [0, 0, 0.01, 0],
    [1000, 20, 0.01, 3.91],
    [10, 10, 0.5, 6.93],
    [100, 1, 0, Infinity],
  ])('%d requests, %d errors, %d allowed: %d', (requests, errors, allowed, expected) => {
    expect(logBeyondShare({ requests, errors }, allowed)).toBeCloseTo(expected);
  });
});
