// SPDX-License-Identifier: Apache-2.0
import type { ArmCounts } from '../../api/evidence-status.ts';
import { PART } from './built-in.ts';
import { armOf } from './sources.ts';
import { OLDEST, TICK } from './counting.ts';
import type { Bucket } from './quantile.ts';
import type { Tick } from './count-types.ts';
import type { Series } from './query-types.ts';
import type { ArmsReading } from './types.ts';

const NOTHING: ArmCounts = { requests: 0, errors: 0 };

/**
 * Requests of an arm and how many of them failed, or were slower than the limit. A server error is a code from 500;
 * an arm that never had one has no such series, and that is no error.
 */
export function countsOf(reading: ArmsReading, counted: readonly Series[]): ArmCounts {
  if (reading.kind === 'request-duration') return slowOf(bucketsOf(counted), reading.slowMs);
  let requests = 0;
  let errors = 0;
  for (const { labels, value } of counted) {
    if (!Number.isFinite(value)) continue;
    requests += value;
    if (labels.code?.startsWith('5')) errors += value;
  }
  return { requests: round(requests), errors: round(errors) };
}

/** increase() extrapolates to the edges of the window, so counts are not whole; more digits say nothing. */
export function round(count: number): number {
  return Math.round(count * 100) / 100;
}

export function bucketsOf(counted: readonly Series[]): Bucket[] {
  return counted
    .map(({ labels, value }) => ({ le: boundOf(labels.le), count: value }))
    .filter(({ le, count }) => !Number.isNaN(le) && Number.isFinite(count));
}

function boundOf(le: string | undefined): number {
  if (le === '+Inf') return Infinity;
  return le === undefined || le === '' ? Number.NaN : Number(le);
}

/** Between two bounds requests are spread evenly, as for a quantile; beyond the greatest finite one all are slow. */
function slowOf(buckets: readonly Bucket[], slowMs: number | undefined): ArmCounts {
  const all = buckets.find(({ le }) => le === Infinity);
  if (!all || slowMs === undefined) return NOTHING;
  const line = slowMs / 1000;
  const finite = buckets.filter(({ le }) => le !== Infinity).toSorted((a, b) => a.le - b.le);
  const above = finite.find(({ le }) => le >= line);
  const below = finite.findLast(({ le }) => le < line) ?? { le: 0, count: 0 };
  const share = above && above.le > below.le ? (line - below.le) / (above.le - below.le) : 0;
  const quick = below.count + Math.max(0, (above?.count ?? below.count) - below.count) * share;
  return { requests: round(all.count), errors: round(Math.max(0, all.count - quick)) };
}

/**
 * What both arms counted since one interval before; undefined where the answer does not say. `aheadMs`: how far the
 * provider's clock is ahead of the operator's.
 */
export function tickOf(reading: ArmsReading, series: readonly Series[], aheadMs: number): Tick | undefined {
  const arms: Record<'canary' | 'stable', Series[]> = { canary: [], stable: [] };
  let oldest: number | undefined;
  for (const one of series) {
    if (one.labels[PART] === OLDEST && Number.isFinite(one.value)) oldest = one.value * 1000 - aheadMs;
    const arm = one.labels[PART] === TICK ? armOf(reading.armsBy, one.labels) : undefined;
    if (arm) arms[arm].push(one);
  }
  if (arms.canary.length + arms.stable.length === 0) return undefined;
  const [canary, stable] = [countsOf(reading, arms.canary), countsOf(reading, arms.stable)];
  return oldest === undefined ? { canary, stable } : { canary, stable, oldestMs: oldest };
}

/** What the stable arm counted in its past, one point of the answer after the other, oldest first. */
export function historyOf(reading: ArmsReading, series: readonly Series[]): ArmCounts[] {
  const moments = new Map<number, Series[]>();
  for (const { labels, points = [] } of series) {
    if (armOf(reading.armsBy, labels) !== 'stable') continue;
    for (const point of points) {
      const known = moments.get(point.atMs);
      const one = { labels, ...point };
      if (known) known.push(one);
      else moments.set(point.atMs, [one]);
    }
  }
  const inOrder = [...moments].toSorted(([a], [b]) => a - b);
  return inOrder.map(([, counted]) => countsOf(reading, counted));
}
