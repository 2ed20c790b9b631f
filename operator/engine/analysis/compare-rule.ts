// SPDX-License-Identifier: Apache-2.0
import type { Check } from '../../api/analysis.ts';
import { type CompareRule, isOfArms, type Limit, type Reading } from './types.ts';

const DEFAULT_TOLERANCE = 1.25;
const DEFAULT_ALPHA = 0.001;

/** The comparison of a check: by default that of every built-in metric that counts good and bad requests. */
export function compareRuleOf({ metric, max, compare }: Check): CompareRule | undefined {
  const counts = metric === 'request-success-rate' || (metric === 'request-duration' && max !== undefined);
  if (!counts || compare?.to === 'none') return undefined;
  return { tolerance: compare?.tolerance ?? DEFAULT_TOLERANCE, alpha: compare?.alpha ?? DEFAULT_ALPHA };
}

/** A line on a percentage of good requests, or on a percentile, as the share of requests that may be beyond it. */
export function allowedShareOf(limit: Limit, reading: Reading): number | undefined {
  if (limit.kind === 'condition' || !isOfArms(reading)) return undefined;
  const { min, max } = limit;
  if (reading.kind === 'request-duration')
    return min === undefined && max !== undefined ? 1 - reading.quantile : undefined;
  return max === undefined && min !== undefined && min >= 0 ? Math.max(0, 1 - min / 100) : undefined;
}
