// SPDX-License-Identifier: Apache-2.0
import { countPresent, exactlyOneOf, type Rule } from './rules.ts';

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
  readonly query?: string | undefined;
  readonly metric?: string | undefined;
  readonly successCondition?: string | undefined;
  readonly quantile?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly compare?: CompareFields | undefined;
}

export const CHECK_RULES: readonly Rule<CheckFields>[] = [
  exactlyOneOf('query', 'metric'),
  {
    path: ['max'],
    rule: "has(self.max) || has(self.min) || has(self.successCondition) || (has(self.compare) && self.compare.to == 'stable')",
    message: 'say what is good: set max, min, successCondition or compare',
    holds: (check) =>
      countPresent(check, ['max', 'min', 'successCondition']) >= 1 || check.compare?.to === 'stable',
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
