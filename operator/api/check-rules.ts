// SPDX-License-Identifier: Apache-2.0
import { countPresent, type Rule } from './rules.ts';

/** Rules over several fields of a check. */

export const COMPARE_RULES: readonly Rule<CompareFields>[] = [
  {
    rule: "self.to != 'none' || (!has(self.tolerance) && !has(self.alpha))",
    message: 'tolerance and alpha belong to a comparison; with to: none there is none',
    holds: (compare) => compare.to !== 'none' || countPresent(compare, ['tolerance', 'alpha']) === 0,
  },
];

interface CompareFields {
  readonly to: 'stable' | 'none';
  readonly tolerance?: number | undefined;
  readonly alpha?: number | undefined;
}

interface CheckFields {
  readonly provider?: string | undefined;
  readonly query?: string | undefined;
  readonly http?: object | undefined;
  readonly tcp?: object | undefined;
  readonly job?: object | undefined;
  readonly count?: number | undefined;
  readonly failureLimit: number;
  readonly metric?: string | undefined;
  readonly successCondition?: string | undefined;
  readonly quantile?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly compare?: CompareFields | undefined;
}

const MEASURES = ['query', 'metric'] as const;
const PROBES = ['http', 'tcp', 'job'] as const;
const LINES = ['max', 'min', 'successCondition'] as const;

export const CHECK_RULES: readonly Rule<CheckFields>[] = [
  {
    path: ['query'],
    rule: '[has(self.query), has(self.metric), has(self.http), has(self.tcp), has(self.job)].filter(x, x).size() == 1',
    message: 'set exactly one of query, metric, http, tcp and job',
    holds: (check) => countPresent(check, [...MEASURES, ...PROBES]) === 1,
  },
  {
    path: ['provider'],
    rule: 'has(self.provider) == (has(self.query) || has(self.metric))',
    message: 'provider names the MetricsProvider of a query or a metric, and belongs to nothing else',
    holds: (check) => (check.provider !== undefined) === countPresent(check, MEASURES) > 0,
  },
  {
    path: ['max'],
    rule: "!(has(self.query) || has(self.metric)) || has(self.max) || has(self.min) || has(self.successCondition) || (has(self.compare) && self.compare.to == 'stable')",
    message: 'say what is good: set max, min, successCondition or compare',
    holds: (check) =>
      countPresent(check, MEASURES) === 0 ||
      countPresent(check, LINES) >= 1 ||
      check.compare?.to === 'stable',
  },
  {
    path: ['max'],
    rule: '!(has(self.http) || has(self.tcp) || has(self.job)) || (!has(self.max) && !has(self.min) && !has(self.successCondition) && !has(self.window))',
    message:
      'max, min, successCondition and window belong to a query or a metric; a probe is good or it is not',
    holds: (check) => countPresent(check, PROBES) === 0 || countPresent(check, [...LINES, 'window']) === 0,
  },
  {
    path: ['count'],
    rule: '!has(self.job) || (!has(self.count) && self.failureLimit == 0)',
    message:
      'a job is run once: leave count and failureLimit out; how often its pods are tried again is its backoffLimit',
    holds: (check) => check.job === undefined || (check.count === undefined && check.failureLimit === 0),
  },
  {
    path: ['successCondition'],
    rule: '!has(self.successCondition) || (!has(self.max) && !has(self.min))',
    message: 'set either max/min or successCondition, not both',
    holds: (check) => check.successCondition === undefined || countPresent(check, ['max', 'min']) === 0,
  },
  {
    path: ['compare'],
    rule: '!has(self.compare) || has(self.metric)',
    message:
      'compare belongs to a built-in metric; the answer of a query does not tell canary and stable apart',
    holds: (check) => check.compare === undefined || check.metric !== undefined,
  },
  {
    path: ['compare'],
    rule: "!has(self.compare) || self.compare.to != 'stable' || !has(self.metric) || self.metric != 'request-duration' || has(self.max)",
    message: 'compare of request-duration counts requests slower than max; set max',
    holds: (check) =>
      check.compare?.to !== 'stable' || check.metric !== 'request-duration' || check.max !== undefined,
  },
  {
    path: ['source'],
    rule: 'has(self.metric) || (!has(self.source) && !has(self.quantile) && !has(self.labels) && !has(self.minRequests))',
    message:
      'source, quantile, labels and minRequests belong to a built-in metric; a query says these things itself',
    holds: (check) =>
      check.metric !== undefined ||
      countPresent(check, ['source', 'quantile', 'labels', 'minRequests']) === 0,
  },
  {
    path: ['quantile'],
    rule: "!has(self.quantile) || !has(self.metric) || self.metric == 'request-duration'",
    message: 'quantile belongs to metric request-duration',
    holds: (check) =>
      check.quantile === undefined || check.metric === undefined || check.metric === 'request-duration',
  },
  {
    path: ['min'],
    rule: '!has(self.min) || !has(self.max) || double(self.min) <= double(self.max)',
    message: 'min must not be greater than max',
    holds: ({ min, max }) => min === undefined || max === undefined || min <= max,
  },
];
