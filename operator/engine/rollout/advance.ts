// SPDX-License-Identifier: Apache-2.0
import type { RolloutStep } from './rollout.ts';
import { durationMs, formatDuration } from '../../api/duration.ts';
import { EventReasons, Reasons } from '../../api/reasons.ts';
import type { Judgement } from '../analysis/types.ts';
import { clockOf, fromIso } from '../time.ts';
import { nowIso, type PlanContext, type PlanDraft } from './draft.ts';
import { fail, isHeldFailed } from './failing.ts';
import type { Motion } from './goal.ts';
import type { Finding } from './judging.ts';
import { pausedByTarget } from './paused-target.ts';
import { lastRefusal } from './refused.ts';
import { enterStep } from './release.ts';
import { heldText, whereabouts } from './sentences.ts';
import { AGAIN, type StageResult, shows } from './stage.ts';
import { ageMs, heardAgeMs, stopWaiting } from './tracking.ts';
import { holding, paused, progressing } from './views.ts';

/** A hold of the judge is shown as such only when it lasts: the first answers after a move often lack traffic. */
const SHOW_HOLD_AFTER_MS = 10_000;

/** A step whose traffic is in place: does it wait for time, a person or a verdict, or is it done? */
export function advanceOrHold(
  context: PlanContext,
  draft: PlanDraft,
  at: { step: RolloutStep; index: number; background: Finding | undefined; finding: Finding | undefined },
): StageResult {
  const waits =
    pausedByPerson(context, draft) ??
    pausedByTarget(context, draft) ??
    unjudged(context, draft, at.finding) ??
    pausedByStep(context, draft, at) ??
    unjudged(context, draft, at.background);
  if (waits) return waits;
  leaveStep(context, draft, at);
  return AGAIN;
}

/** Why a release may not take the next step, or be promoted, although its own step is done. */
export function standsBefore(
  context: PlanContext,
  draft: PlanDraft,
  background: Finding | undefined,
): StageResult | undefined {
  return (
    pausedByPerson(context, draft) ?? pausedByTarget(context, draft) ?? unjudged(context, draft, background)
  );
}

/** Whether traffic must stay as it is: somebody has paused the release, or metrics are missing. */
export function isFrozen({ status }: PlanDraft, background: Finding | undefined): boolean {
  const isPaused = status.pause !== undefined && status.pause.by !== 'Step';
  return isPaused || (background?.kind === 'judged' && background.judgement.verdict === 'Hold');
}

/** Somebody, or a policy, has paused the release until a person says otherwise. */
export function pausedByPerson({ spec }: PlanContext, { status }: PlanDraft): StageResult | undefined {
  const { pause } = status;
  if (!pause || pause.by === 'Step') return undefined;
  const since = clockOf(fromIso(pause.since));
  if (pause.by === 'Failure') {
    const reason = Object.values(Reasons).find((known) => known === pause.reason) ?? Reasons.AnalysisFailed;
    const why = `${pause.message}; paused since ${since}`;
    return shows(paused(reason, `${whereabouts(spec, status)}; ${why}; promote, retry or abort`));
  }
  const [reason, why] =
    pause.by === 'User'
      ? [Reasons.Paused, `paused on request since ${since}`]
      : [Reasons.NoData, `metrics were missing for ${spec.noDataDeadline}`];
  return shows(paused(reason, `${whereabouts(spec, status)}; ${why}; resume, promote or abort`));
}

/** What an analysis still waits for; undefined once it has passed, and where there is none. */
function unjudged(
  context: PlanContext,
  draft: PlanDraft,
  finding: Finding | undefined,
): StageResult | undefined {
  if (finding?.kind !== 'judged' || finding.judgement.verdict === 'Pass') return undefined;
  const message = `${whereabouts(context.spec, draft.status)}; ${judgedText(context, draft, finding.judgement)}`;
  return missingData(context, draft, finding) ?? shows(progressing(message));
}

/**
 * Metrics that have been missing for too long: the policy of the Canary takes over. It takes an answer to say so, not
 * an operator that has been away; and after a person's word the time counts anew.
 */
export function overdueData(context: PlanContext, draft: PlanDraft, finding: Finding | undefined): boolean {
  const { onNoData, noDataDeadline } = context.spec;
  if (finding?.kind !== 'judged' || finding.judgement.verdict !== 'Hold' || onNoData === 'Hold') return false;
  if (finding.judgement.reason !== Reasons.NoData || !finding.isAnswered || draft.status.pause) return false;
  const left = holdingSince(context, draft, finding.judgement) + durationMs(noDataDeadline) - context.now;
  if (left > 0) {
    draft.wakeIn(left);
    return false;
  }
  const message = `no metrics for ${noDataDeadline}: ${finding.judgement.message}`;
  if (onNoData === 'Rollback') {
    fail(context, draft, { reason: Reasons.MetricsMissing, message });
    return true;
  }
  draft.status.pause = { by: 'NoData', since: nowIso(context) };
  draft.emit(EventReasons.Paused, message, 'Warning');
  return false;
}

function holdingSince(context: PlanContext, { status }: PlanDraft, { sinceMs }: Judgement): number {
  const { lastAction } = status;
  const heard = lastAction?.result === 'Accepted' ? fromIso(lastAction.at) : Number.NaN;
  const heldMs = Math.max(sinceMs ?? context.now, context.seenSinceMs);
  return Number.isNaN(heard) ? heldMs : Math.max(heldMs, heard);
}

/** A motion that takes longer than progressDeadline ends the release; waiting for a drain is not taking long. */
export function overdueMotion(context: PlanContext, draft: PlanDraft, motion: Motion): boolean {
  const { step } = draft.status;
  if (!step) return false;
  if (motion.reached || motion.patient || isHeldFailed(draft)) {
    stopWaiting(draft);
    return false;
  }
  const waitingSince = step.waitingSince ?? nowIso(context);
  draft.status.step = { ...step, waitingSince };
  const left = durationMs(context.spec.progressDeadline) - heardAgeMs(context, waitingSince);
  draft.wakeIn(left);
  if (left > 0) return false;
  fail(context, draft, {
    reason: Reasons.DeadlineExceeded,
    message: `waited ${context.spec.progressDeadline} for ${motion.waiting}${refusalOf(context)}`,
  });
  return true;
}

/** Whoever reads why the release ended must not have to look for what stood in its way. */
function refusalOf({ rollout }: PlanContext): string {
  const refusal = lastRefusal(rollout.status);
  return refusal === undefined ? '' : ` (${refusal})`;
}

/** The next step, or the end of them; a pause that the step itself made ends with it. */
function leaveStep(context: PlanContext, draft: PlanDraft, at: { step: RolloutStep; index: number }): void {
  if (at.step.setWeight !== undefined)
    draft.emit(EventReasons.TrafficShifted, whereabouts(context.spec, draft.status));
  if (at.step.analysis)
    draft.emit(
      EventReasons.AnalysisPassed,
      `${whereabouts(context.spec, draft.status)}; every check has passed`,
    );
  if (draft.status.pause?.by === 'Step') {
    const { pause: _pause, ...kept } = draft.status;
    draft.status = kept;
  }
  enterStep(context, draft, at.index + 1);
}

/** What the judge says, and what is held where it has no evidence. */
export function judgedText({ spec }: PlanContext, { status }: PlanDraft, judgement: Judgement): string {
  const { message, verdict } = judgement;
  return verdict === 'Hold' ? `${message}; ${heldText(spec, status)}` : message;
}

/** Also a hold that does not block yet is shown once it lasts. */
export function missingData(
  context: PlanContext,
  draft: PlanDraft,
  finding: Finding | undefined,
): StageResult | undefined {
  if (finding?.kind !== 'judged' || finding.judgement.verdict !== 'Hold') return undefined;
  const left = (finding.judgement.sinceMs ?? context.now) + SHOW_HOLD_AFTER_MS - context.now;
  if (left > 0) {
    draft.wakeIn(left);
    return undefined;
  }
  const { reason = Reasons.NoData } = finding.judgement;
  const words = judgedText(context, draft, finding.judgement);
  return shows(holding(reason, `${whereabouts(context.spec, draft.status)}; ${words}`));
}

function pausedByStep(
  context: PlanContext,
  draft: PlanDraft,
  at: { step: RolloutStep; background: Finding | undefined },
): StageResult | undefined {
  const left = pauseLeftMs(context, draft, at.step);
  if (left <= 0) return undefined;
  const hold = missingData(context, draft, at.background);
  if (Number.isFinite(left)) draft.wakeIn(left);
  if (hold) return hold;
  if (!Number.isFinite(left)) return waitForPerson(context, draft);
  const until = clockOf(context.now + left);
  return shows(
    progressing(
      `${whereabouts(context.spec, draft.status)}; pause of ${formatDuration(durationMs(at.step.pause?.duration ?? '0s'))} until ${until}`,
    ),
  );
}

function waitForPerson(context: PlanContext, draft: PlanDraft): StageResult {
  const message = `${whereabouts(context.spec, draft.status)}; waits until somebody promotes`;
  if (!draft.status.pause) {
    draft.status.pause = { by: 'Step', since: nowIso(context) };
    draft.emit(EventReasons.ApprovalRequired, message);
  }
  return shows(paused(Reasons.WaitingForApproval, message));
}

/** Milliseconds left of a pause step; infinite for one that only a person ends, 0 for any other step. */
function pauseLeftMs(context: PlanContext, draft: PlanDraft, step: RolloutStep): number {
  if (!step.pause) return 0;
  if (step.pause.duration === undefined) return Number.POSITIVE_INFINITY;
  return durationMs(step.pause.duration) - ageMs(context, draft.status.step?.startedAt);
}
