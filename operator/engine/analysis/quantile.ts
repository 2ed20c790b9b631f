// SPDX-License-Identifier: Apache-2.0

/** One bucket of a classic histogram: how many observations were at most `le`. */
export interface Bucket {
  /** Upper bound; Infinity for the last one. */
  readonly le: number;
  readonly count: number;
}

/**
 * `beyond`: the quantile lies above `value`, the greatest finite bound, and how far is not known.
 * `none`: no observations, or no buckets to place them in.
 */
export type Quantile =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'beyond'; readonly value: number }
  | { readonly kind: 'none' };

/**
 * Quantile of a classic histogram, by linear interpolation inside the bucket: bucketQuantile of Prometheus
 * (promql/quantile.go), but where Prometheus answers the greatest finite bound for what lies above it, this
 * says so. `q` from 0 to 1; `value` in the unit of the bounds.
 */
export function quantileOf(q: number, buckets: readonly Bucket[]): Quantile {
  const rising = madeMonotonic(buckets);
  const last = rising.at(-1);
  if (!last || last.le !== Infinity || rising.length < 2 || !(last.count > 0)) return { kind: 'none' };
  const rank = q * last.count;
  const index = rising.findIndex((bucket) => bucket.count >= rank);
  const found = rising[index] ?? last;
  const below = rising[index - 1] ?? { le: Math.min(0, found.le), count: 0 };
  if (found.le === Infinity) return { kind: 'beyond', value: below.le };
  return { kind: 'value', value: interpolated(below, found, rank) };
}

function interpolated(below: Bucket, found: Bucket, rank: number): number {
  const inBucket = found.count - below.count;
  return inBucket === 0 ? below.le : below.le + (found.le - below.le) * ((rank - below.count) / inBucket);
}

/** Rates of the buckets are taken at slightly different moments, so that a greater one may count less. */
function madeMonotonic(buckets: readonly Bucket[]): Bucket[] {
  let most = 0;
  return buckets
    .toSorted((a, b) => a.le - b.le)
    .map(({ le, count }) => {
      most = Math.max(most, count);
      return { le, count: most };
    });
}
