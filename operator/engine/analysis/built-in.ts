// SPDX-License-Identifier: Apache-2.0
import type { BuiltInMetric, Check, MetricSource } from '../../api/analysis.ts';
import { compareRuleOf } from './compare-rule.ts';
import { type Counter, countedIn, OLDEST, oldestScrape, TICK, withArm } from './counting.ts';
import { partsOf, type SourceParts } from './sources.ts';
import type { QueryScope } from './query-types.ts';
import { type ArmsBy, type ArmsReading, sidesOf } from './types.ts';

const DEFAULT_MIN_REQUESTS = 10;
const DEFAULT_QUANTILE = 99;

/** Label that tells the parts of a built-in answer apart. */
export const PART = 'part';
/** Requests in the window, by arm and `code`. */
export const REQUESTS = 'requests';
/** Requests in the window, by arm and `le`. */
export const BUCKETS = 'buckets';
/** Time of the newest sample of the counter, by arm, in seconds. */
export const SEEN = 'seen';
/** Time of the last good scrape, by arm where it can be known by arm, in seconds. */
export const SCRAPED = 'scraped';

const COUNTERS: Readonly<Record<MetricSource, Readonly<Record<BuiltInMetric, string>>>> = {
  http: {
    'request-success-rate': 'http_requests_total',
    'request-duration': 'http_request_duration_seconds_bucket',
  },
  traefik: {
    'request-success-rate': 'traefik_service_requests_total',
    'request-duration': 'traefik_service_request_duration_seconds_bucket',
  },
};

export type BuiltInQuery =
  | {
      readonly kind: 'built-in';
      readonly expression: string;
      readonly reading: ArmsReading;
      /** What a comparison counts; absent where there is none. */
      readonly counted?: (Counter & { readonly by: string }) | undefined;
    }
  | { readonly kind: 'invalid'; readonly field: string; readonly message: string };

type BuiltInCheck = Check & { readonly metric: BuiltInMetric };

/**
 * The query of a built-in metric: one expression that carries both arms, how fresh they are, and whether
 * anybody looks at them at all. Requests are counted with increase(), which bridges counter resets. A series
 * that appeared within the window is counted from its birth, where increase() sees nothing before its second
 * sample: a dead canary shows on the first scrape.
 */
export function builtInQuery(check: BuiltInCheck, scope: QueryScope, window: string): BuiltInQuery {
  const source = check.source ?? 'http';
  const problem = problemOf(check, scope, source);
  if (problem) return { kind: 'invalid', ...problem };
  const counter = COUNTERS[source][check.metric];
  const parts = partsOf(source, check, scope);
  const by = `${parts.armsBy.label}, ${check.metric === 'request-duration' ? 'le' : 'code'}`;
  const counted = compareRuleOf(check) ? { ...parts, counter, by } : undefined;
  const expression = expressionOf(check.metric, { ...parts, counter, window, by });
  return {
    kind: 'built-in',
    expression: counted ? `${expression} or ${countsOf(check, counted)}` : expression,
    counted,
    reading: readingOf(check, parts.armsBy, counter),
  };
}

function readingOf(check: BuiltInCheck, armsBy: ArmsBy, counter: string): ArmsReading {
  const { metric, max, quantile = DEFAULT_QUANTILE, minRequests = DEFAULT_MIN_REQUESTS } = check;
  const slow = metric === 'request-duration' && max !== undefined ? { slowMs: max } : {};
  return { kind: metric, armsBy, quantile: quantile / 100, ...slow, minRequests, counter };
}

function problemOf(
  { labels = {} }: BuiltInCheck,
  { ingress, routes, traefikService, sides }: QueryScope,
  source: MetricSource,
): { field: string; message: string } | undefined {
  const reserved = Object.keys(labels).find((name) => RESERVED[source].includes(name));
  if (reserved !== undefined)
    return { field: `labels.${reserved}`, message: 'Headway sets this label itself' };
  if (source !== 'traefik' || (ingress ?? routes ?? traefikService) !== undefined) return undefined;
  const { judged, other } = sidesOf({ sides });
  return {
    field: 'source',
    message: `traefik tells ${judged} and ${other} apart only behind an Ingress, a Gateway or a TraefikService; set traffic or use http`,
  };
}

const RESERVED: Readonly<Record<MetricSource, readonly string[]>> = {
  http: ['namespace', 'revision', 'code', 'le'],
  traefik: ['service', 'code', 'le'],
};

function expressionOf(
  metric: BuiltInMetric,
  parts: SourceParts & { counter: string; window: string; by: string },
): string {
  const { counter, window, matchers, bornMatchers, bornOnlyIf, armsBy, armIn, by, scraped } = parts;
  const born = `${counter}{${bornMatchers}} unless ${counter}{${bornMatchers}} offset ${window}`;
  const counted = bornOnlyIf
    ? `((${born}) and on (job, instance) (${bornOnlyIf} offset ${window}))`
    : `(${born})`;
  const isLatency = metric === 'request-duration';
  const inWindow = withArm(`${counted} or increase(${counter}{${matchers}}[${window}])`, armIn);
  const seen = withArm(`timestamp(${counter}{${newestOf(metric, matchers)}})`, armIn);
  return [
    partOf(isLatency ? BUCKETS : REQUESTS, `sum by (${by}) (${inWindow})`),
    partOf(SEEN, `max by (${armsBy.label}) (${seen})`),
    partOf(SCRAPED, scraped),
  ].join(' or ');
}

/** One series of each histogram says when it was scraped. */
function newestOf(metric: BuiltInMetric, matchers: string): string {
  return metric === 'request-duration' ? `${matchers},le="+Inf"` : matchers;
}

function countsOf(
  { metric, interval }: BuiltInCheck,
  counted: SourceParts & { counter: string; by: string },
): string {
  const { counter, matchers, armIn, by } = counted;
  const tick = withArm(countedIn(counted, interval), armIn);
  const oldest = oldestScrape({ counter, matchers: newestOf(metric, matchers) });
  return [partOf(TICK, `sum by (${by}) (${tick})`), partOf(OLDEST, oldest)].join(' or ');
}

function partOf(name: string, expression: string): string {
  return `label_replace(${expression}, "${PART}", "${name}", "", "")`;
}
