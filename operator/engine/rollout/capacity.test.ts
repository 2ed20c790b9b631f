// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canaryPodsFor, shareOf, splitFor } from './capacity.ts';

describe('canaryPodsFor', () => {
  it.each([
    [0, 5, 0],
    [1, 5, 1],
    [20, 5, 1],
    [21, 5, 2],
    [50, 5, 3],
    [100, 5, 5],
    [1, 1, 1],
    [50, 0, 0],
    [5, 1000, 50],
  ])('%i%% of %i pods are %i', (weight, total, pods) => {
    expect(canaryPodsFor(weight, total)).toBe(pods);
  });
});

describe('splitFor', () => {
  it.each([
    [0, 5, { canary: 0, stable: 5 }],
    [1, 5, { canary: 1, stable: 4 }],
    [20, 5, { canary: 1, stable: 4 }],
    [50, 5, { canary: 3, stable: 2 }],
    [99, 5, { canary: 4, stable: 1 }],
    [100, 5, { canary: 5, stable: 0 }],
    [50, 1, { canary: 1, stable: 1 }],
    [50, 2, { canary: 1, stable: 1 }],
    [50, 0, { canary: 0, stable: 0 }],
  ])('%i%% of %i pods', (weight, total, split) => {
    expect(splitFor(weight, total)).toEqual(split);
  });

  it('leaves no side without pods between 1 and 99, keeps the total, and is as near as pods can be', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 2, max: 500 }), (weight, total) => {
        const { canary, stable } = splitFor(weight, total);
        expect(canary + stable).toBe(total);
        expect(Math.min(canary, stable)).toBeGreaterThan(0);
        const off = (pods: number) => Math.abs((100 * pods) / total - weight);
        const others = [canary - 1, canary + 1].filter((pods) => pods > 0 && pods < total);
        for (const other of others) expect(off(canary)).toBeLessThanOrEqual(off(other) + 1e-9);
      }),
      { seed: 7 },
    );
  });
});

describe('shareOf', () => {
  it.each([
    [1, 5, 20],
    [3, 5, 60],
    [1, 3, 33],
    [0, 5, 0],
    [0, 0, 0],
    [4, 4, 100],
  ])('%i of %i is %i%%', (part, all, share) => {
    expect(shareOf(part, all)).toBe(share);
  });
});
