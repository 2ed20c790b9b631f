// SPDX-License-Identifier: Apache-2.0
import type { ArmCounts } from '../../operator/api/evidence-status.ts';
import { BUCKETS, PART, REQUESTS, SCRAPED, SEEN } from '../../operator/engine/analysis/built-in.ts';
import { OLDEST, TICK } from '../../operator/engine/analysis/counting.ts';
import type { Series } from '../../operator/engine/analysis/query-types.ts';
import type { ArmsBy, ArmsReading } from '../../operator/engine/analysis/types.ts';

export type ArmName = 'canary' | 'stable';

/** Requests of one arm, how many of them failed or were too slow, and the percentile of a duration in ms. */
export interface CountedArm extends ArmCounts {
  readonly value?: number | undefined;
}

type Arms = Readonly<Partial<Record<ArmName, CountedArm>>>;

/** The same as Prometheus would answer the query of a built-in metric, from what was counted. */
export function answerOfArms(
  reading: ArmsReading,
  counted: { readonly window: Arms; readonly tick: Arms; readonly seenMs: number; readonly atMs: number },
): Series[] {
  const { window, tick, seenMs, atMs } = counted;
  const one = (labels: Readonly<Record<string, string>>, value: number): Series => ({ labels, value, atMs });
  const isDuration = reading.kind === 'request-duration';
  const inWindow = isDuration ? BUCKETS : REQUESTS;
  const arms = (['canary', 'stable'] as const).filter((arm) => window[arm] !== undefined);
  return [
    ...arms.flatMap((arm) => {
      const label = labelOf(reading.armsBy, arm);
      return [
        ...countsOf(reading, window[arm]).map(({ labels, value }) =>
          one({ [PART]: inWindow, ...label, ...labels }, value),
        ),
        ...countsOf(reading, tick[arm]).map(({ labels, value }) =>
          one({ [PART]: TICK, ...label, ...labels }, value),
        ),
        one({ [PART]: SEEN, ...label }, seenMs / 1000),
        one({ [PART]: SCRAPED, ...label }, seenMs / 1000),
      ];
    }),
    one({ [PART]: OLDEST }, seenMs / 1000),
  ];
}

/** One moment of the past of stable after the other, as a range of Prometheus. */
export function historyOfArms(
  reading: ArmsReading,
  past: readonly { readonly atMs: number; readonly counts: CountedArm }[],
): Series[] {
  const series = new Map<string, Series & { points: { atMs: number; value: number }[] }>();
  for (const { atMs, counts } of past) {
    for (const { labels, value } of countsOf(reading, counts)) {
      const key = JSON.stringify(labels);
      const known = series.get(key);
      if (known) known.points.push({ atMs, value });
      else {
        const all = { ...labelOf(reading.armsBy, 'stable'), ...labels };
        series.set(key, { labels: all, value, atMs, points: [{ atMs, value }] });
      }
    }
  }
  return [...series.values()];
}

/** By code, or by bucket. */
function countsOf(
  reading: ArmsReading,
  counts: CountedArm | undefined,
): { labels: Record<string, string>; value: number }[] {
  if (!counts) return [];
  if (reading.kind === 'request-duration') return bucketsOf(reading, counts);
  const { requests, errors } = counts;
  return [
    { labels: { code: '200' }, value: requests - errors },
    ...(errors > 0 ? [{ labels: { code: '500' }, value: errors }] : []),
  ];
}

/** So little that no count shows it, but a percentile lies beyond the bucket. */
const A_TRACE = 1e-6;

/** Buckets of which the percentile and the count of slow requests follow; where they contradict, the percentile wins. */
function bucketsOf(
  { quantile, slowMs }: ArmsReading,
  { requests, errors, value }: CountedArm,
): { labels: Record<string, string>; value: number }[] {
  const quick = requests - errors;
  const below = requests * quantile;
  const bounds = new Map<number, number>();
  if (slowMs !== undefined) bounds.set(slowMs, quick);
  if (value !== undefined) {
    bounds.set(value, below);
    if (slowMs !== undefined && slowMs < value) bounds.set(slowMs, Math.min(quick, below - A_TRACE));
    if (slowMs !== undefined && slowMs > value) bounds.set(slowMs, Math.max(quick, below));
  }
  const finite = [...bounds].map(([ms, count]) => ({ labels: { le: String(ms / 1000) }, value: count }));
  return [...finite, { labels: { le: '+Inf' }, value: requests }];
}

/** The name of any port will do. */
const INGRESS_TAIL = {
  canary: '-http-canary@kubernetesingressnginx',
  stable: '-http@kubernetesingressnginx',
};

function labelOf(armsBy: ArmsBy, arm: ArmName): Record<string, string> {
  if (armsBy.label === 'service') {
    const isMain = (arm === 'canary') === (armsBy.isAlone === true);
    return { service: armsBy.backend + INGRESS_TAIL[isMain ? 'stable' : 'canary'] };
  }
  return { [armsBy.label]: armsBy[arm] ?? '' };
}
