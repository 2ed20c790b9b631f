// SPDX-License-Identifier: Apache-2.0

/** What is said of a set of measurements; the unit is that of the values. */
export interface Spread {
  count: number;
  p50: number;
  p99: number;
  max: number;
}

/** The smallest value that at least `percent` of all values do not exceed (nearest rank, nothing interpolated). */
export function percentile(values: readonly number[], percent: number): number {
  if (!(percent > 0 && percent <= 100)) throw new RangeError(`${percent} is no percentile`);
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted[Math.ceil((percent / 100) * sorted.length) - 1];
  if (found === undefined) throw new RangeError('there is no percentile of nothing');
  return found;
}

export function spreadOf(values: readonly number[]): Spread {
  return {
    count: values.length,
    p50: percentile(values, 50),
    p99: percentile(values, 99),
    max: percentile(values, 100),
  };
}
