// SPDX-License-Identifier: Apache-2.0
import type { BuiltInMetric, Check, MetricSource } from '../../api/analysis.ts';
import { compareRuleOf } from './compare-rule.ts';
import { type Counter, countedIn, OLDEST, oldestScrape, TICK } from './counting.ts';
import { quoteAlternatives, quoteLiteral } from './template.ts';
import type { ArmsBy, ArmsReading, QueryScope } from './types.ts';

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

/** A counter that every Traefik has from its start. */
const TRAEFIK_HEARTBEAT = 'traefik_config_reloads_total';

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
  const parts = source === 'http' ? httpParts(check, scope) : traefikParts(check, scope);
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
  { ingress }: QueryScope,
  source: MetricSource,
): { field: string; message: string } | undefined {
  const reserved = Object.keys(labels).find((name) => RESERVED[source].includes(name));
  if (reserved !== undefined)
    return { field: `labels.${reserved}`, message: 'Headway sets this label itself' };
  if (source !== 'traefik' || ingress !== undefined) return undefined;
  return {
    field: 'source',
    message: 'traefik tells canary and stable apart only behind an Ingress; set traffic.ingress or use http',
  };
}

const RESERVED: Readonly<Record<MetricSource, readonly string[]>> = {
  http: ['namespace', 'revision', 'code', 'le'],
  traefik: ['service', 'code', 'le'],
};

interface SourceParts {
  readonly armsBy: ArmsBy;
  /** Matchers of both arms. */
  readonly matchers: string;
  /** Matchers of the series that count from their birth. */
  readonly bornMatchers: string;
  /** What must also hold for a series to count from its birth. */
  readonly bornOnlyIf?: string;
  readonly scraped: string;
}

/** The counters of a canary's pods are as old as its revision, so all that a new series counts is its own. */
function httpParts(check: Check, scope: QueryScope): SourceParts {
  const namespace = `namespace=${quoteLiteral(scope.namespace)}`;
  const revisions = [scope.revision, scope.stableRevision].filter((revision) => revision !== undefined);
  const both = `${namespace},revision=~${quoteAlternatives(revisions)}`;
  const labels = extraMatchers(check);
  return {
    armsBy: { label: 'revision', canary: scope.revision, stable: scope.stableRevision },
    matchers: both + labels,
    bornMatchers: `${namespace},revision=${quoteLiteral(scope.revision)}${labels}`,
    scraped: `max by (revision) (timestamp(up{${both}}) and up{${both}} == 1)`,
  };
}

const TRAEFIK_PROVIDER = '@kubernetesingressnginx';
/** A port by number or by a name without "-", so that "checkout" never matches "checkout-v2". */
const TRAEFIK_PORT = '[a-z0-9]{1,15}';
const TRAEFIK_TAIL = new RegExp(`^-${TRAEFIK_PORT}(-canary)?${TRAEFIK_PROVIDER}$`);

/**
 * Traefik names the backend of an Ingress <namespace>-<ingress>-<service>-<port>, and that of the canary
 * Ingress beside it the same with "-canary" (pkg/provider/kubernetes/ingress-nginx/translator.go). Its
 * counters outlive a release, so a new series counts only where the Traefik that shows it was known before.
 */
function traefikParts(check: Check, scope: QueryScope): SourceParts {
  const backend = traefikName([scope.namespace, scope.ingress ?? '', scope.service]);
  const pattern = `${backend}-${TRAEFIK_PORT}(-canary)?${TRAEFIK_PROVIDER}`;
  const matchers = `service=~${quoteLiteral(pattern)}${extraMatchers(check)}`;
  return {
    armsBy: { label: 'service', backend, ...(scope.isAlone ? { isAlone: true } : {}) },
    matchers,
    bornMatchers: matchers,
    bornOnlyIf: TRAEFIK_HEARTBEAT,
    scraped: `max(timestamp(${TRAEFIK_HEARTBEAT}))`,
  };
}

/** provider.Normalize of Traefik: every run of other characters than letters and digits becomes one "-". */
function traefikName(parts: readonly string[]): string {
  return parts
    .join('-')
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => part !== '')
    .join('-');
}

function extraMatchers(check: Check): string {
  const pairs = Object.entries(check.labels ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return pairs.map(([name, value]) => `,${name}=${quoteLiteral(value)}`).join('');
}

function expressionOf(
  metric: BuiltInMetric,
  parts: SourceParts & { counter: string; window: string; by: string },
): string {
  const { counter, window, matchers, bornMatchers, bornOnlyIf, armsBy, by, scraped } = parts;
  const born = `${counter}{${bornMatchers}} unless ${counter}{${bornMatchers}} offset ${window}`;
  const counted = bornOnlyIf
    ? `((${born}) and on (job, instance) (${bornOnlyIf} offset ${window}))`
    : `(${born})`;
  const isLatency = metric === 'request-duration';
  const inWindow = `sum by (${by}) (${counted} or increase(${counter}{${matchers}}[${window}]))`;
  const seen = `max by (${armsBy.label}) (timestamp(${counter}{${newestOf(metric, matchers)}}))`;
  return [
    partOf(isLatency ? BUCKETS : REQUESTS, inWindow),
    partOf(SEEN, seen),
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
  const { counter, matchers, by } = counted;
  const oldest = oldestScrape({ counter, matchers: newestOf(metric, matchers) });
  return [partOf(TICK, `sum by (${by}) ${countedIn(counted, interval)}`), partOf(OLDEST, oldest)].join(
    ' or ',
  );
}

function partOf(name: string, expression: string): string {
  return `label_replace(${expression}, "${PART}", "${name}", "", "")`;
}

/** Which arm a series speaks of; undefined: neither. */
export function armOf(
  armsBy: ArmsBy,
  labels: Readonly<Record<string, string>>,
): 'canary' | 'stable' | undefined {
  const value = labels[armsBy.label];
  if (value === undefined) return undefined;
  if (armsBy.label === 'revision') {
    if (value === armsBy.canary) return 'canary';
    return value === armsBy.stable ? 'stable' : undefined;
  }
  const tail = value.startsWith(armsBy.backend)
    ? TRAEFIK_TAIL.exec(value.slice(armsBy.backend.length))
    : null;
  if (!tail) return undefined;
  return (tail[1] === undefined) === (armsBy.isAlone === true) ? 'canary' : 'stable';
}
