// SPDX-License-Identifier: Apache-2.0
import { quoteLiteral } from './template.ts';
import type { CheckQuery } from './query-types.ts';

/** Label values that tell the parts of a built-in answer apart, for what a comparison needs. */
export const TICK = 'tick';
export const OLDEST = 'oldest';

/** How far back the last scrape of a pod may lie for its counters to go on where they were. */
const THREAD = '10m';
const HISTORY = '1h';
/** A history of points that are closer than this says nothing more about bursts. */
const CLOSEST_POINTS_MS = 15_000;
/** The past is asked for until it has been told. */
const ASK_HISTORY_EVERY_MS = 60_000;

/** An arm that is a part of a label: `label` becomes what the first group of `pattern` finds in `from`. */
export interface ArmIn {
  readonly label: string;
  readonly from: string;
  readonly pattern: string;
}

/** The series with a label of its own for the arm; as they are where they have one. */
export function withArm(series: string, armIn: ArmIn | undefined): string {
  if (!armIn) return series;
  const { label, from, pattern } = armIn;
  return `label_replace(${series}, "${label}", "$1", "${from}", ${quoteLiteral(pattern)})`;
}

export interface Counter {
  readonly counter: string;
  /** Matchers of both arms. */
  readonly matchers: string;
  /** Where the arm is only a part of another label. */
  readonly armIn?: ArmIn | undefined;
  /** What must also hold, one interval ago, for a series to count from its birth. */
  readonly bornOnlyIf?: string | undefined;
}

/**
 * What was counted in the last interval, exactly: the difference of two samples of each series, where increase()
 * would extrapolate to the edges of its window. last_over_time() bridges scrapes that failed; a counter that was
 * reset counts from 0, and so does a series that was not there before: else the first error of each kind and pod
 * would be lost, in the arm that has few of them.
 */
export function countedIn({ counter, matchers, bornOnlyIf }: Counter, interval: string): string {
  const born = `last_over_time(${counter}{${matchers}}[${THREAD}])`;
  const known = bornOnlyIf ? `(${born} and on (job, instance) (${bornOnlyIf} offset ${interval}))` : born;
  return `${differenceOf({ counter, matchers }, interval)} or ${known}`;
}

function differenceOf({ counter, matchers }: Counter, interval: string): string {
  const last = `last_over_time(${counter}{${matchers}}[${THREAD}]`;
  return `(${last}) - ${last} offset ${interval})) >= 0`;
}

/** The moment of the oldest newest sample, in seconds: everything before it has been scraped. */
export function oldestScrape({ counter, matchers }: Pick<Counter, 'counter' | 'matchers'>): string {
  return `min(timestamp(${counter}{${matchers}}))`;
}

/**
 * What both arms counted in the past, an interval after the other. Births are left out: they are few, and a Prometheus
 * that has lost its data would count all of its life at once.
 */
export function historyQuery(
  counted: Counter & { readonly by: string },
  { provider, intervalMs }: { readonly provider: string; readonly intervalMs: number },
): CheckQuery {
  const step = promDuration(Math.max(intervalMs, CLOSEST_POINTS_MS));
  const counts = withArm(differenceOf(counted, step), counted.armIn);
  const expression = `sum by (${counted.by}) (${counts})[${HISTORY}:${step}]`;
  return {
    key: `${provider} ${ASK_HISTORY_EVERY_MS} ${expression}`,
    provider,
    expression,
    intervalMs: ASK_HISTORY_EVERY_MS,
  };
}

function promDuration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
