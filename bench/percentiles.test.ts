// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { percentile, spreadOf } from './percentiles.ts';

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

describe('percentile', () => {
  it.each([
    [[7], 50, 7],
    [[7], 100, 7],
    [[3, 1, 2], 50, 2],
    [[4, 3, 2, 1], 50, 2],
    [[4, 3, 2, 1], 51, 3],
    [[10, 9], 1, 9],
    [hundred, 50, 50],
    [hundred, 99, 99],
    [hundred, 99.5, 100],
    [hundred, 100, 100],
  ])('%j at %d is %d', (values, percent, expected) => {
    expect(percentile(values, percent)).toBe(expected);
  });

  it('leaves the values in their order', () => {
    const values = [3, 1, 2];
    percentile(values, 50);
    expect(values).toEqual([3, 1, 2]);
  });

  it.each([0, -1, 100.1, Number.NaN])('refuses %d', (percent) => {
    expect(() => percentile([1], percent)).toThrow(`${percent} is no percentile`);
  });

  it('refuses an empty set', () => {
    expect(() => percentile([], 50)).toThrow('there is no percentile of nothing');
  });
});

describe('spreadOf', () => {
  it('says how many, the middle, the slow ones and the slowest', () => {
    expect(spreadOf(hundred)).toEqual({ count: 100, p50: 50, p99: 99, max: 100 });
  });
});
