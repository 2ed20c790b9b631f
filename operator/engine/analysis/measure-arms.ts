// SPDX-License-Identifier: Apache-2.0
import type { NoDataReason } from '../../api/analysis-status.ts';
import { formatDuration } from '../../api/duration.ts';
import type { ArmCounts } from '../../api/evidence-status.ts';
import { bucketsOf, countsOf, round, tickOf } from './arm-counts.ts';
import { BUCKETS, PART, REQUESTS, SCRAPED, SEEN } from './built-in.ts';
import { armOf } from './sources.ts';
import { formatOdd, oneLine } from './format.ts';
import { type Quantile, quantileOf } from './quantile.ts';
import type { Arms } from './count-types.ts';
import type { QuerySuccess, Series } from './query-types.ts';
import { type ArmsReading, type Measurement, type ResolvedCheck, sidesOf } from './types.ts';

interface Arm {
  /** Requests in the window by `code` or `le`. */
  readonly counted: Series[];
  seenMs?: number;
  scrapedMs?: number;
}

/** What an answer of a built-in metric says: one value for each arm, or why the canary has none. */
export function measureArms(check: ResolvedCheck, reading: ArmsReading, result: QuerySuccess): Measurement {
  const { canary, stable } = armsOf(reading, result.series);
  const evaluatedMs = result.series[0]?.atMs ?? result.atMs;
  const missing = whyMissing(check, reading, { canary, evaluatedMs });
  if (missing) return noData(result.atMs, missing);
  const judge = reading.kind === 'request-success-rate' ? successRate : duration;
  const measured = judge(check, reading, { result, canary, stable });
  const tick = check.compare && tickOf(reading, result.series, evaluatedMs - result.atMs);
  return tick && measured.noData !== 'BadQuery' ? { ...measured, tick } : measured;
}

interface Missing {
  readonly reason: NoDataReason;
  readonly detail: string;
}

function noData(atMs: number, { reason, detail }: Missing, arms?: Arms): Measurement {
  return { atMs, noData: reason, detail: oneLine(detail), ...(arms ? { arms } : {}) };
}

function armsOf(reading: ArmsReading, series: readonly Series[]): { canary: Arm; stable: Arm } {
  const arms: { canary: Arm; stable: Arm } = { canary: { counted: [] }, stable: { counted: [] } };
  for (const one of series) {
    const part = one.labels[PART];
    const name = armOf(reading.armsBy, one.labels);
    const arm = name === undefined ? undefined : arms[name];
    if (part === SEEN && arm) arm.seenMs = one.value * 1000;
    else if (part === SCRAPED && arm) arm.scrapedMs = one.value * 1000;
    else if (part === SCRAPED) arms.canary.scrapedMs = one.value * 1000;
    else if (arm && (part === REQUESTS || part === BUCKETS)) arm.counted.push(one);
  }
  return arms;
}

interface CanaryArm {
  readonly canary: Arm;
  /** The provider's clock when it answered. */
  readonly evaluatedMs: number;
}

function whyMissing(
  check: ResolvedCheck,
  reading: ArmsReading,
  { canary, evaluatedMs }: CanaryArm,
): Missing | undefined {
  const { counted, seenMs, scrapedMs } = canary;
  const window = formatDuration(check.windowMs);
  const whose = whoseCounters(check, reading);
  if (seenMs === undefined) {
    if (counted.length > 0) return { reason: 'Stale', detail: `${whose} is no longer scraped` };
    if (scrapedMs === undefined) return { reason: 'Empty', detail: `${whose} is not scraped` };
  }
  const ageMs = evaluatedMs - (seenMs ?? scrapedMs ?? evaluatedMs);
  if (ageMs > check.windowMs)
    return { reason: 'Stale', detail: `the last scrape of ${whose} was ${formatDuration(ageMs)} ago` };
  if (seenMs === undefined) return tooFew(check, reading, 0);
  if (counted.length === 0)
    return {
      reason: 'Empty',
      detail: `fewer than two scrapes of ${whose} in ${window}; a longer window has more`,
    };
  const odd = counted.find(({ value }) => !Number.isFinite(value));
  if (odd)
    return { reason: 'NotANumber', detail: `a count of ${reading.counter} is ${formatOdd(odd.value)}` };
  return undefined;
}

function whoseCounters(check: ResolvedCheck, { armsBy }: ArmsReading): string {
  return armsBy.label === 'revision'
    ? `revision ${armsBy.canary}`
    : `the ${sidesOf(check).judged}'s backend in Traefik`;
}

function tooFew(check: ResolvedCheck, { minRequests }: ArmsReading, requests: number): Missing {
  const lacking = Math.ceil(minRequests - requests);
  const seen = `${Math.floor(requests)} of ${minRequests} in ${formatDuration(check.windowMs)}`;
  const more = lacking === 1 ? 'request' : 'requests';
  return { reason: 'NoTraffic', detail: `needs about ${lacking} more ${more} (${seen})` };
}

interface ArmsAnswer {
  readonly result: QuerySuccess;
  readonly canary: Arm;
  readonly stable: Arm;
}

function successRate(
  check: ResolvedCheck,
  reading: ArmsReading,
  { result, canary, stable }: ArmsAnswer,
): Measurement {
  const { atMs } = result;
  if (canary.counted.some(({ labels }) => !labels.code))
    return noData(atMs, { reason: 'BadQuery', detail: `${reading.counter} has no label "code"` });
  const mine = countsOf(reading, canary.counted);
  const theirs = stable.counted.every(({ labels }) => labels.code)
    ? countsOf(reading, stable.counted)
    : undefined;
  const known = theirs && theirs.requests > 0 ? theirs : undefined;
  const arms = { canary: mine, ...(known ? { stable: known } : {}) };
  if (mine.requests < reading.minRequests) return noData(atMs, tooFew(check, reading, mine.requests), arms);
  return { atMs, value: percentGood(mine), ...(known ? { stable: percentGood(known) } : {}), arms };
}

/** Exactly 100 without errors, which (requests - errors) / requests of fractions is not. */
function percentGood({ requests, errors }: ArmCounts): number {
  return 100 - (100 * errors) / requests;
}

function duration(
  check: ResolvedCheck,
  reading: ArmsReading,
  { result, canary, stable }: ArmsAnswer,
): Measurement {
  const { atMs } = result;
  const buckets = bucketsOf(canary.counted);
  const all = buckets.find(({ le }) => le === Infinity);
  if (!all || buckets.length < 2)
    return noData(atMs, { reason: 'BadQuery', detail: `${reading.counter} has no buckets to +Inf` });
  const requests = round(all.count);
  const arms = reading.slowMs === undefined ? undefined : slowArms(reading, { canary, stable });
  if (requests < reading.minRequests) return noData(atMs, tooFew(check, reading, requests), arms);
  const mine = quantileOf(reading.quantile, buckets);
  if (mine.kind === 'none') return noData(atMs, tooFew(check, reading, requests));
  const theirs = millisOf(quantileOf(reading.quantile, bucketsOf(stable.counted)));
  return {
    atMs,
    value: mine.value * 1000,
    ...(mine.kind === 'beyond' ? { beyond: true } : {}),
    ...(theirs === undefined ? {} : { stable: theirs }),
    ...(arms ? { arms } : {}),
  };
}

/** Requests of both arms and how many of them were slower than the limit. */
function slowArms(reading: ArmsReading, { canary, stable }: Pick<ArmsAnswer, 'canary' | 'stable'>): Arms {
  const theirs = countsOf(reading, stable.counted);
  return {
    canary: countsOf(reading, canary.counted),
    ...(theirs.requests > 0 ? { stable: theirs } : {}),
  };
}

function millisOf(quantile: Quantile): number | undefined {
  return quantile.kind === 'value' ? quantile.value * 1000 : undefined;
}
