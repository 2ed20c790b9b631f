// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Bucket, type Quantile, quantileOf } from './quantile.ts';

function buckets(...pairs: [number, number][]): Bucket[] {
  return pairs.map(([le, count]) => ({ le, count }));
}

describe('quantileOf', () => {
  // The figures of histogram_quantile in promql/promqltest/testdata/histograms.test of Prometheus.
  const positive = buckets([0.1, 5], [0.2, 7], [1e100, 11], [Infinity, 12]);
  const negative = buckets([-0.3, 1], [-0.2, 2], [-0.1, 5], [0.3, 7], [Infinity, 8]);

  it.each<[string, number, Bucket[], Quantile]>([
    ['positive', 0, positive, { kind: 'value', value: 0 }],
    ['positive', 0.2, positive, { kind: 'value', value: 0.048 }],
    ['positive', 0.5, positive, { kind: 'value', value: 0.15 }],
    ['positive', 1, positive, { kind: 'beyond', value: 1e100 }],
    ['negative', 0, negative, { kind: 'value', value: -0.3 }],
    ['negative', 0.2, negative, { kind: 'value', value: -0.24 }],
    ['negative', 0.5, negative, { kind: 'value', value: -0.1333 }],
    ['negative', 0.8, negative, { kind: 'value', value: 0.18 }],
    ['unsorted', 0.5, positive.toReversed(), { kind: 'value', value: 0.15 }],
    ['not rising', 0.5, buckets([1, 10], [2, 9], [Infinity, 10]), { kind: 'value', value: 0.5 }],
    ['all beyond', 0.5, buckets([1, 0], [Infinity, 10]), { kind: 'beyond', value: 1 }],
    ['nobody', 0.5, buckets([1, 0], [Infinity, 0]), { kind: 'none' }],
    ['no +Inf', 0.5, buckets([1, 5], [2, 9]), { kind: 'none' }],
    ['only +Inf', 0.5, buckets([Infinity, 9]), { kind: 'none' }],
    ['nothing', 0.5, [], { kind: 'none' }],
  ])('%s at %d', (_, q, given, expected) => {
    const found = quantileOf(q, given);
    expect(found.kind).toBe(expected.kind);
    if (found.kind !== 'none' && expected.kind !== 'none') expect(found.value).toBeCloseTo(expected.value, 3);
  });

  it('never falls when q rises, and never leaves the buckets', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(
        counts,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (each, a, b) => {
          let total = 0;
          const given = each.map((count, i) => {
            total += count;
            return { le: i === each.length - 1 ? Infinity : i + 1, count: total };
          });
          const [low, high] = [quantileOf(Math.min(a, b), given), quantileOf(Math.max(a, b), given)];
          expect(low.kind === 'none').toBe(total === 0);
          if (low.kind === 'none' || high.kind === 'none') return;
          expect(low.value).toBeLessThanOrEqual(high.value + 1e-9);
          expect(low.value).toBeGreaterThanOrEqual(0);
          expect(high.value).toBeLessThanOrEqual(each.length - 1);
        },
      ),
    );
  });
});
