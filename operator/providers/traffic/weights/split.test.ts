// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Backend } from './backend.ts';
import { leadsToService, shareOf, splitBackends, withoutCanary, weightOf } from './split.ts';

/** As great as the limit that the Gateway API sets. */
const GREATEST_WEIGHT = 10_000;

const sides = { namespace: 'shop', service: 'web', canaryService: 'web-canary' };

function refs(...list: (string | [string, number] | Backend)[]): Backend[] {
  return list.map((one) => {
    if (typeof one === 'string') return { name: one };
    return Array.isArray(one) ? { name: one[0], weight: one[1] } : one;
  });
}

describe('splitBackends', () => {
  it.each<[string, Backend[], number, Backend[]]>([
    ['a Service alone', refs('web'), 5, refs(['web', 95], ['web-canary', 5])],
    ['a Service alone, whatever its weight', refs(['web', 7]), 50, refs(['web', 50], ['web-canary', 50])],
    ['nothing', refs('web'), 0, refs(['web', 100], ['web-canary', 0])],
    ['all', refs('web'), 100, refs(['web', 0], ['web-canary', 100])],
    [
      'beside another, with whole numbers: the other is left as it is',
      refs(['web', 80], ['old', 20]),
      25,
      refs(['web', 60], ['web-canary', 20], ['old', 20]),
    ],
    [
      'beside another, without: all weights by the smallest factor',
      refs(['web', 70], ['old', 30]),
      5,
      refs(['web', 133], ['web-canary', 7], ['old', 60]),
    ],
    [
      'beside another with no weight written',
      refs('old', 'web'),
      1,
      refs(['old', 100], ['web', 99], ['web-canary', 1]),
    ],
    [
      'beside one that gets nothing, which counts as alone',
      refs(['web', 3], ['old', 0]),
      10,
      refs(['web', 90], ['web-canary', 10], ['old', 0]),
    ],
    [
      'twice in one rule',
      refs({ name: 'web', port: 80, weight: 3 }, { name: 'web', port: 81, weight: 1 }),
      50,
      refs(
        { name: 'web', port: 80, weight: 3 },
        { name: 'web-canary', port: 80, weight: 3 },
        { name: 'web', port: 81, weight: 1 },
        { name: 'web-canary', port: 81, weight: 1 },
      ),
    ],
    ['not at all', refs('old', ['web', 0]), 50, refs('old', ['web', 0])],
    [
      'with its filters',
      refs({ name: 'web', filters: [{ type: 'RequestHeaderModifier' }] }),
      20,
      refs(
        { name: 'web', filters: [{ type: 'RequestHeaderModifier' }], weight: 80 },
        { name: 'web-canary', filters: [{ type: 'RequestHeaderModifier' }], weight: 20 },
      ),
    ],
  ])('%s', (_, before, percent, after) => {
    expect(splitBackends(before, sides, percent)).toEqual(after);
  });

  const weight = fc.integer({ min: 0, max: GREATEST_WEIGHT });
  const backends = fc.array(fc.record({ name: fc.constantFrom('web', 'a', 'b'), port: weight, weight }), {
    minLength: 1,
    maxLength: 5,
  });

  it('keeps the share of everybody else, is exact, and can be read back', () => {
    fc.assert(
      fc.property(backends, fc.integer({ min: 0, max: 100 }), (before, percent) => {
        fc.pre(leadsToService(before, sides));
        const after = splitBackends(before, sides, percent);
        const total = (list: Backend[]) => list.reduce((sum, ref) => sum + weightOf(ref), 0);
        const others = (list: Backend[]) =>
          total(list.filter(({ name }) => name === 'a' || name === 'b')) / total(list);
        expect(others(after)).toBeCloseTo(others(before), 10);
        expect(shareOf(after, sides)).toBe(percent);
        for (const ref of after) {
          expect(Number.isInteger(weightOf(ref))).toBe(true);
          expect(weightOf(ref)).toBeLessThanOrEqual(1_000_000);
        }
        const back = withoutCanary(after, sides);
        expect(back.map(({ name, port }) => [name, port])).toEqual(
          before.map(({ name, port }) => [name, port]),
        );
        expect(others(back)).toBeCloseTo(others(before), 10);
      }),
    );
  });
});

describe('shareOf', () => {
  it.each<[string, Backend[], number]>([
    ['none', refs('web'), 0],
    ['some is not none', refs(['web', 999_999], ['web-canary', 1]), 1],
    ['most is not all', refs(['web', 1], ['web-canary', 999_999]), 99],
    ['all', refs(['web', 0], ['web-canary', 5]), 100],
    ['without weights', refs('web', 'web-canary'), 50],
    ['of another namespace', refs('web', { name: 'web-canary', namespace: 'other' }), 0],
    ['of another kind', refs('web', { name: 'web-canary', group: 'example.com', kind: 'Backend' }), 0],
    ['of this namespace, said aloud', refs('web', { name: 'web-canary', namespace: 'shop' }), 50],
  ])('%s', (_, backends, share) => {
    expect(shareOf(backends, sides)).toBe(share);
  });
});
