// SPDX-License-Identifier: Apache-2.0
import type { ArmCounts, CheckStatus } from '../../api/canary-status.ts';
import { formatDuration } from '../../api/duration.ts';
import { type Reason, Reasons } from '../../api/reasons.ts';
import { formatAgainstLimit, formatNumber, formatShare } from './format.ts';
import type { ResolvedCheck } from './types.ts';

export interface Objection {
  readonly reason: Reason;
  /** Why the check has failed, in one sentence without a full stop. */
  readonly sentence: string;
}

/** Looks at a row with all that was measured and says why the check has failed, or nothing. */
type Guard = (check: ResolvedCheck, row: CheckStatus) => Objection | undefined;

/** In this order; the first objection is the verdict. */
const guards: readonly Guard[] = [canaryDown, overLimit];

/** The first objection of any guard to a row. */
export function objectionTo(check: ResolvedCheck, row: CheckStatus): Objection | undefined {
  for (const guard of guards) {
    const objection = guard(check, row);
    if (objection) return objection;
  }
  return undefined;
}

/** Whether the newest measurement alone shows that the canary is down. */
export function isCanaryDown(check: ResolvedCheck, row: CheckStatus): boolean {
  return canaryDown(check, row) !== undefined;
}

const DOWN_SHARE = 0.5;
const DOWN_REQUESTS = 20;

/**
 * The canary answers at least half of at least 20 requests with errors, and stable, measured in the same
 * window, at less than half of that rate: no limit and no count is needed to see that. Without any request to
 * stable nothing says that it is the canary's fault; but where it has all traffic and an older revision stands by,
 * that one is the better guess.
 */
function canaryDown(check: ResolvedCheck, row: CheckStatus): Objection | undefined {
  const arms = row.samples.at(-1)?.arms;
  if (!arms || arms.canary.requests < DOWN_REQUESTS) return undefined;
  const share = errorShare(arms.canary);
  const stableShare = arms.stable && arms.stable.requests > 0 ? errorShare(arms.stable) : undefined;
  if (share < DOWN_SHARE || (stableShare === undefined && !check.isAlone)) return undefined;
  if (stableShare !== undefined && stableShare >= share / 2) return undefined;
  const { errors, requests } = arms.canary;
  const failed = `the canary failed ${Math.round(errors)} of ${Math.round(requests)} requests`;
  const window = formatDuration(check.windowMs);
  const beside = stableShare === undefined ? '' : ` (stable ${formatNumber(100 * stableShare, '%')})`;
  const sentence = `${check.name}: ${failed} in ${window}${beside}`;
  return { reason: Reasons.CanaryDown, sentence };
}

function errorShare({ errors, requests }: ArmCounts): number {
  return errors / requests;
}

/** More bad measurements than the check tolerates. */
function overLimit(check: ResolvedCheck, row: CheckStatus): Objection | undefined {
  if (row.bad <= check.failureLimit) return undefined;
  const bad = row.samples.findLast(({ good }) => good === false);
  const share = formatShare(row.bad, row.bad + row.good);
  const value = bad?.value === undefined ? 'out of limits' : formatAgainstLimit(check, bad.value, false);
  return { reason: Reasons.AnalysisFailed, sentence: `${check.name} ${value} in ${share}` };
}
