// SPDX-License-Identifier: Apache-2.0
import type { RolloutStep } from './rollout.ts';
import type { RolloutVerb } from '../../api/rollout-status.ts';
import { EventReasons, Reasons } from '../../api/reasons.ts';
import {
  advanceOrHold,
  isFrozen,
  overdueData,
  overdueMotion,
  pausedByPerson,
  standsBefore,
} from './advance.ts';
import { begin } from './begin.ts';
import { canaryPodsFor, splitFor } from './capacity.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { fail, isHeldFailed } from './failing.ts';
import { type Finding, judgeBackground, judgeStep } from './judging.ts';
import { FROZEN, type Motion } from './goal.ts';
import { keepTraffic } from './keep.ts';
import { moveTo } from './motion.ts';
import { isNamedBesideOthers } from './motion-ratio.ts';
import { isTargetPaused } from './paused-target.ts';
import { enterStep, ensureRevision, returnToStable, supersede } from './release.ts';
import { wantedRevision } from './revisions.ts';
import { obey } from './verbs.ts';
import { whereabouts } from './sentences.ts';
import { AGAIN, type StageResult, shows } from './stage.ts';
import { replicasAt, stepsHash, weightAt } from './steps.ts';
import { stopWaiting } from './tracking.ts';
import { blocked, progressing } from './views.ts';
import { holdAtZero } from './zero.ts';

/** One look at a release on its way: has its target changed, does somebody ask, is it bad, and may it go on? */
export function planStepping(
  context: PlanContext,
  draft: PlanDraft,
  verb: RolloutVerb | undefined,
): StageResult {
  if (hasNewTemplate(context, draft)) return AGAIN;
  restartOnNewSteps(context, draft);
  if (obey(context, draft, verb)) return AGAIN;
  const idle = holdAtZero(context, draft);
  if (idle) return idle;
  const background = judgeBackground(context, draft);
  const objection = objectionOf(context, draft, background);
  if (objection) return objection;
  const index = draft.status.step?.index ?? 0;
  const step = context.steps[index];
  if (!step) return leaveSteps(context, draft, background);
  const taken = ensureRevision(context, draft, {
    revision: draft.status.canary?.revision ?? '',
    replicas: mayHavePods(context, draft) ? podsAt(context, index) : 0,
  });
  if (taken) return shows(blocked(Reasons.NameTaken, taken));
  return planStep(context, draft, { step, index, background });
}

/** Whether the template has changed since the release began; then the stage has changed with it. */
export function hasNewTemplate(context: PlanContext, draft: PlanDraft): boolean {
  const { target, revisions } = context.world;
  const wanted = target && wantedRevision(target, revisions);
  const known = [draft.status.canary?.revision, draft.status.returning?.template];
  if (wanted === undefined || known.includes(wanted)) return false;
  if (wanted === draft.status.stable?.revision) {
    returnToStable(context, draft);
  } else if (isTargetPaused(context)) {
    return false;
  } else {
    supersede(context, draft);
    begin(context, draft, wanted);
  }
  return true;
}

/** Whoever changes the steps means those: the index of one list says nothing in another. */
export function restartOnNewSteps(context: PlanContext, draft: PlanDraft): void {
  if (draft.status.step?.hash === stepsHash(context.steps)) return;
  enterStep(context, draft, 0);
  draft.emit(EventReasons.NewRevisionDetected, 'the steps have changed; they start again at the first');
}

/**
 * What a finding says against going on: a failed one ends the release, one that cannot be asked holds it and its traffic
 * where they are, one that has had no data for too long does as the policy says.
 */
export function objectionOf(
  context: PlanContext,
  draft: PlanDraft,
  finding: Finding | undefined,
): StageResult | undefined {
  if (finding?.kind === 'blocked') {
    stopWaiting(draft);
    const view = blocked(
      finding.reason,
      `${whereabouts(context.spec, draft.status)}; held: ${finding.message}`,
    );
    return shows(keepTraffic(context, draft, view));
  }
  if (finding?.judgement.verdict !== 'Fail') return overdueData(context, draft, finding) ? AGAIN : undefined;
  const { reason = Reasons.AnalysisFailed, message } = finding.judgement;
  const isKnown = isHeldFailed(draft);
  fail(context, draft, { reason, message });
  if (!isHeldFailed(draft)) return AGAIN;
  // said before: what else stands in its way is said too, at every look alike
  return isKnown ? undefined : pausedByPerson(context, draft);
}

/**
 * What a motion still needs; undefined once it has reached its goal. `doing` begins the sentence, `background` says why
 * a frozen one does not go on.
 */
export function stillMoving(
  context: PlanContext,
  draft: PlanDraft,
  at: { motion: Motion; doing: string; background: Finding | undefined },
): StageResult | undefined {
  const { motion, doing } = at;
  if (motion.problem) {
    stopWaiting(draft);
    return shows(blocked(motion.problem.reason, motion.problem.message));
  }
  if (overdueMotion(context, draft, motion)) return AGAIN;
  if (motion === FROZEN) return standsBefore(context, draft, at.background);
  if (motion.reached) return undefined;
  const heldFailed = isHeldFailed(draft) ? pausedByPerson(context, draft) : undefined;
  return heldFailed ?? shows(progressing(`${doing}; waits for ${motion.waiting}`));
}

function planStep(
  context: PlanContext,
  draft: PlanDraft,
  at: { step: RolloutStep; index: number; background: Finding | undefined },
): StageResult {
  const motion = moveTo(context, draft, {
    stable: draft.status.stable?.revision ?? '',
    canary: draft.status.canary?.revision,
    weight: weightAt(context.steps, at.index),
    matched: true,
    replicas: replicasAt(context.steps, at.index, context.total),
    frozen: isFrozen(draft, at.background) || isTargetPaused(context),
  });
  const { background } = at;
  const moving = stillMoving(context, draft, {
    motion,
    doing: whereabouts(context.spec, draft.status),
    background,
  });
  if (moving) return moving;
  const finding = at.step.analysis ? judgeStep(context, draft, at.step.analysis) : undefined;
  return objectionOf(context, draft, finding) ?? advanceOrHold(context, draft, { ...at, finding });
}

/** After the last step: nothing unjudged is promoted. */
function leaveSteps(context: PlanContext, draft: PlanDraft, background: Finding | undefined): StageResult {
  const stands = standsBefore(context, draft, background);
  if (stands) return stands;
  draft.status.stage = 'Promoting';
  return AGAIN;
}

/** Not while a Service that still names a replaced canary would find them too. */
export function mayHavePods(context: PlanContext, { status }: PlanDraft): boolean {
  if (context.world.route) return true;
  const stable = status.stable?.revision ?? '';
  return !isNamedBesideOthers(context, { stable, canary: status.canary?.revision });
}

/** Pods that the canary gets at once when it is made, so that the first weight costs no second write. */
function podsAt(context: PlanContext, index: number): number {
  const weight = weightAt(context.steps, index);
  const implied = context.world.route
    ? canaryPodsFor(weight, context.total, context.spec.match !== undefined)
    : splitFor(weight, context.total).canary;
  return replicasAt(context.steps, index, context.total) ?? implied;
}
