// SPDX-License-Identifier: Apache-2.0
import { formatLimit, unitOf } from './format.ts';
import type { CheckQuery } from './query-types.ts';
import type { ArmsBy, CompareRule, Limit, Reading, ResolvedCheck } from './types.ts';

interface CheckShape {
  readonly name?: string;
  readonly kind?: Reading['kind'];
  readonly limit?: Limit;
  readonly armsBy?: ArmsBy;
  readonly intervalMs?: number;
  /** How often the query is asked. Default: every interval. */
  readonly askEveryMs?: number;
  readonly windowMs?: number;
  readonly initialDelayMs?: number;
  readonly notBeforeMs?: number;
  readonly minRequests?: number;
  readonly quantile?: number;
  readonly count?: number;
  readonly failureLimit?: number;
  readonly expression?: string;
  /** Default: none. */
  readonly compare?: CompareRule;
  readonly history?: CheckQuery;
  /** Default: none, so that every value out of the limit is bad. */
  readonly allowedShare?: number;
}

const COUNTERS = {
  query: '',
  'request-success-rate': 'http_requests_total',
  'request-duration': 'http_request_duration_seconds_bucket',
};

/** A resolved check for tests: request-success-rate >= 99 % every 10 s over 1 m, unless said otherwise. */
export function resolvedCheck(shape: CheckShape = {}): ResolvedCheck {
  const { name = 'success-rate', kind = 'request-success-rate', limit = { kind: 'bounds', min: 99 } } = shape;
  const { intervalMs = 10_000, expression = `expression of ${name}` } = shape;
  const { askEveryMs = intervalMs } = shape;
  const key = `prometheus ${askEveryMs} ${expression}`;
  return {
    name,
    query: { key, provider: 'prometheus', expression, intervalMs: askEveryMs },
    intervalMs,
    reading: readingOf(kind, shape),
    limit,
    limitText: formatLimit(limit, unitOf(kind)),
    windowMs: shape.windowMs ?? 60_000,
    initialDelayMs: shape.initialDelayMs ?? 0,
    notBeforeMs: shape.notBeforeMs,
    count: shape.count,
    failureLimit: shape.failureLimit ?? 0,
    compare: shape.compare,
    history: shape.history,
    allowedShare: shape.allowedShare,
  };
}

function readingOf(kind: Reading['kind'], shape: CheckShape): Reading {
  if (kind === 'query' || kind === 'probe') return { kind };
  return {
    kind,
    armsBy: shape.armsBy ?? { label: 'revision', canary: 'new', stable: 'old' },
    quantile: shape.quantile ?? 0.99,
    minRequests: shape.minRequests ?? 10,
    counter: COUNTERS[kind],
  };
}
