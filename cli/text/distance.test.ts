// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { distanceOf } from './distance.ts';

describe('distanceOf', () => {
  it.each<[string, string, number]>([
    ['', '', 0],
    ['abc', '', 3],
    ['', 'abc', 3],
    ['weight', 'weight', 0],
    ['wieght', 'weight', 1],
    ['weigt', 'weight', 1],
    ['weeight', 'weight', 1],
    ['waight', 'weight', 1],
    ['ca', 'abc', 3],
    ['kitten', 'sitting', 3],
  ])('%s to %s is %d', (one, other, distance) => {
    expect(distanceOf(one, other)).toBe(distance);
  });

  it('is the same in both directions, 0 for the same alone, and at most the longer length', () => {
    const words = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(words, words, (one, other) => {
        const distance = distanceOf(one, other);
        expect(distance).toBe(distanceOf(other, one));
        expect(distance === 0).toBe(one === other);
        expect(distance).toBeLessThanOrEqual(Math.max(one.length, other.length));
      }),
    );
  });
});
