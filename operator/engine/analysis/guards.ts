// SPDX-License-Identifier: Apache-2.0
import type { CheckStatus } from '../../api/analysis-status.ts';
import type { ArmCounts } from '../../api/evidence-status.ts';
import { formatDuration } from '../../api/duration.ts';
import { type Reason, Reasons } from '../../api/reasons.ts';
import { dispersionOf } from './dispersion.ts';
import { readEvidence } from './evidence-status.ts';
import { totalOf } from './evidence.ts';
import { formatNumber, formatSample, formatShare } from './format.ts';
import { BEYOND_CHANCE, logBeyondShare, logEvidence } from './likelihood.ts';
import type { BothCounts } from './count-types.ts';
import { isOnce, type ResolvedCheck, sidesOf } from './types.ts';

export interface Objection {
  readonly reason: Reason;
  /** Why the check has failed, in one sentence without a full stop. */
  readonly sentence: string;
}

/** Looks at a row with all that was measured and says why the check has failed, or nothing. */
type Guard = (check: ResolvedCheck, row: CheckStatus) => Objection | undefined;

/** In this order; the first objection is the verdict. */
const guards: readonly Guard[] = [canaryDown, worseThanStable, overLimit];

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
 * The canary answers at least half of at least 20 requests with errors, and stable, measured in the same window, at
 * less than half of that rate, which is no chance: no limit and no count is needed to see that. Without any request to
 * stable nothing says that it is the canary's fault; but where it has all traffic and an older revision stands by,
 * that one is the better guess.
 */
function canaryDown(check: ResolvedCheck, row: CheckStatus): Objection | undefined {
  const arms = row.samples.at(-1)?.arms;
  if (check.reading.kind !== 'request-success-rate') return undefined;
  if (!arms || arms.canary.requests < DOWN_REQUESTS) return undefined;
  const share = errorShare(arms.canary);
  const stable = arms.stable && arms.stable.requests > 0 ? arms.stable : undefined;
  if (share < DOWN_SHARE || !isCanarysOwn(check, arms.canary, stable)) return undefined;
  const { errors, requests } = arms.canary;
  const failed = `the ${sidesOf(check).judged} failed ${Math.round(errors)} of ${Math.round(requests)} requests`;
  const window = formatDuration(check.windowMs);
  const beside = stable ? ` (${sidesOf(check).other} ${formatNumber(100 * errorShare(stable), '%')})` : '';
  const sentence = `${check.name}: ${failed} in ${window}${beside}`;
  return { reason: Reasons.CanaryDown, sentence };
}

/** Stable may have few requests too, so its rate is taken as if it had one success and one error more. */
function isCanarysOwn(check: ResolvedCheck, canary: ArmCounts, stable: ArmCounts | undefined): boolean {
  if (!stable) return check.isAlone === true;
  if (errorShare(stable) >= errorShare(canary) / 2) return false;
  return logBeyondShare(canary, (stable.errors + 1) / (stable.requests + 2)) >= BEYOND_CHANCE;
}

function errorShare({ errors, requests }: ArmCounts): number {
  return errors / requests;
}

/**
 * The canary has more than the tolerated multiple of stable's share of errors, or of slow requests, counted over the
 * whole run at the same times. However often it is looked at, a canary within the tolerance fails with the chance
 * alpha at most.
 */
function worseThanStable(check: ResolvedCheck, row: CheckStatus): Objection | undefined {
  const { compare } = check;
  const evidence = compare && readEvidence(row.evidence);
  if (!evidence) return undefined;
  const dispersion = dispersionOf(evidence.noise);
  const log = logEvidence(evidence.counted, { tolerance: compare.tolerance, dispersion });
  if (log < Math.log(1 / compare.alpha)) return undefined;
  return { reason: Reasons.AnalysisFailed, sentence: worseSentence(check, totalOf(evidence), log) };
}

function worseSentence(check: ResolvedCheck, { canary, stable }: BothCounts, log: number): string {
  const [mine, theirs] = [canary, stable].map((arm) => formatNumber(100 * errorShare(arm), '%'));
  const { judged, other } = sidesOf(check);
  const what = check.reading.kind === 'request-duration' ? 'slow requests' : 'errors';
  const counts = `${Math.round(canary.errors)} of ${Math.round(canary.requests)}`;
  const worse = `more than ${check.compare?.tolerance} times the ${theirs} of ${other}`;
  return `${check.name}: the ${judged} has ${mine} ${what} (${counts}), ${worse}; evidence ${formatOdds(log)} to 1`;
}

/** Two digits are enough of what has long been beyond doubt. */
function formatOdds(log: number): string {
  const power = Math.floor(log / Math.LN10);
  return power > 6 ? `10^${power}` : String(Number(Math.exp(log).toPrecision(2)));
}

/** More bad measurements than the check tolerates. */
function overLimit(check: ResolvedCheck, row: CheckStatus): Objection | undefined {
  if (row.bad <= check.failureLimit) return undefined;
  const bad = row.samples.findLast(({ good }) => good === false);
  const share = formatShare(row.bad, row.bad + row.good);
  const sentence = `${check.name}${formatSample(check, bad, false)}${isOnce(check) ? '' : ` in ${share}`}`;
  return { reason: Reasons.AnalysisFailed, sentence };
}
