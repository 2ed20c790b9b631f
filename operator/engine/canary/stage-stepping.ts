// SPDX-License-Identifier: Apache-2.0
import type { CanaryStep } from '../../api/canary.ts';
import type { CanaryVerb } from '../../api/canary-status.ts';
import { EventReasons, Reasons } from '../../api/reasons.ts';
import { advanceOrHold, overdueData, overdueMotion, standsBefore } from './advance.ts';
import { canaryPodsFor, splitFor } from './capacity.ts';
import { nowIso, type PlanContext, type PlanDraft } from './draft.ts';
import { type Finding, judgeBackground, judgeStep } from './judging.ts';
import { moveTo } from './motion.ts';
import { enterStep, ensureRevision, returnToStable, startRollback, supersede } from './release.ts';
import { wantedRevision } from './revisions.ts';
import { whereabouts } from './sentences.ts';
import { AGAIN, type StageResult, shows } from './stage.ts';
import { replicasAt, stepsHash, weightAt } from './steps.ts';
import type { TargetFacts } from './types.ts';
import { blocked, progressing } from './views.ts';

/** One look at a release on its way: has its target changed, does somebody ask, is it bad, and may it go on? */
export function planStepping(
  context: PlanContext,
  draft: PlanDraft,
  at: { target: TargetFacts; verb: CanaryVerb | undefined },
): StageResult {
  if (hasNewTemplate(context, draft, at.target)) return AGAIN;
  restartOnNewSteps(context, draft);
  if (obeyed(context, draft, at.verb)) return AGAIN;
  const background = judgeBackground(context, draft);
  const bad = failed(context, draft, background);
  if (bad) return bad;
  if (overdueData(context, draft, background)) return AGAIN;
  const index = draft.status.step?.index ?? 0;
  const step = context.steps[index];
  if (!step) return leaveSteps(context, draft, background);
  const taken = ensureRevision(context, draft, {
    revision: draft.status.canary?.revision ?? '',
    replicas: podsAt(context, index),
  });
  if (taken) return shows(blocked(Reasons.NameTaken, taken));
  return planStep(context, draft, { step, index, background });
}

/** Whether the template has changed since the release began; then the stage has changed with it. */
export function hasNewTemplate(context: PlanContext, draft: PlanDraft, target: TargetFacts): boolean {
  const wanted = wantedRevision(target, context.world.revisions);
  if (wanted === draft.status.canary?.revision) return false;
  if (wanted === draft.status.stable?.revision) returnToStable(context, draft);
  else supersede(context, draft, wanted);
  return true;
}

function restartOnNewSteps(context: PlanContext, draft: PlanDraft): void {
  if (draft.status.step?.hash === stepsHash(context.steps)) return;
  enterStep(context, draft, 0);
  draft.emit(EventReasons.NewRevisionDetected, 'the steps have changed; they start again at the first');
}

/** Does what a person asked for. True: another stage has taken over. */
function obeyed(context: PlanContext, draft: PlanDraft, verb: CanaryVerb | undefined): boolean {
  const index = draft.status.step?.index ?? 0;
  switch (verb) {
    case 'abort':
      startRollback(context, draft, { reason: Reasons.Aborted, message: 'aborted on request' });
      return true;
    case 'promote-full':
      unpause(draft);
      draft.status.stage = 'Promoting';
      draft.status.skipChecks = true;
      draft.emit(EventReasons.Approved, 'full promotion on request; the steps and checks left are skipped');
      return true;
    case 'promote':
      unpause(draft);
      if (context.steps[index]?.pause) enterStep(context, draft, index + 1);
      draft.emit(EventReasons.Approved, 'promoted past the pause on request');
      return false;
    case 'skip-step':
      unpause(draft);
      enterStep(context, draft, index + 1);
      draft.emit(EventReasons.Approved, `step ${index + 1} skipped on request`);
      return false;
    case 'pause':
      draft.status.pause = { by: 'User', since: nowIso(context) };
      draft.emit(EventReasons.Paused, 'paused on request');
      return false;
    case 'resume':
      unpause(draft);
      draft.emit(EventReasons.Resumed, 'resumed on request');
      return false;
    case 'retry':
    case undefined:
      return false;
  }
}

function unpause(draft: PlanDraft): void {
  const { pause: _pause, ...kept } = draft.status;
  draft.status = kept;
}

/** A failed finding ends the release; one that cannot be asked holds it. */
export function failed(
  context: PlanContext,
  draft: PlanDraft,
  finding: Finding | undefined,
): StageResult | undefined {
  if (finding?.kind === 'blocked')
    return shows(blocked(finding.reason, `${whereabouts(draft.status)}; held: ${finding.message}`));
  if (finding?.judgement.verdict !== 'Fail') return undefined;
  const { reason = Reasons.AnalysisFailed, message } = finding.judgement;
  startRollback(context, draft, { reason, message });
  return AGAIN;
}

function planStep(
  context: PlanContext,
  draft: PlanDraft,
  at: { step: CanaryStep; index: number; background: Finding | undefined },
): StageResult {
  const motion = moveTo(context, draft, {
    stable: draft.status.stable?.revision ?? '',
    canary: draft.status.canary?.revision,
    weight: weightAt(context.steps, at.index),
    replicas: replicasAt(context.steps, at.index),
  });
  if (motion.problem) return shows(blocked(motion.problem.reason, motion.problem.message));
  if (overdueMotion(context, draft, motion)) return AGAIN;
  if (!motion.reached) return shows(progressing(`${whereabouts(draft.status)}; waits for ${motion.waiting}`));
  const finding = at.step.analysis ? judgeStep(context, draft, at.step.analysis) : undefined;
  const bad = failed(context, draft, finding);
  if (bad) return bad;
  if (overdueData(context, draft, finding)) return AGAIN;
  return advanceOrHold(context, draft, { ...at, finding });
}

/** After the last step: nothing unjudged is promoted. */
function leaveSteps(context: PlanContext, draft: PlanDraft, background: Finding | undefined): StageResult {
  const stands = standsBefore(context, draft, background);
  if (stands) return stands;
  draft.status.stage = 'Promoting';
  return AGAIN;
}

/** Pods that the canary gets at once when it is made, so that the first weight costs no second write. */
function podsAt(context: PlanContext, index: number): number {
  const weight = weightAt(context.steps, index);
  const implied = context.world.route
    ? canaryPodsFor(weight, context.total)
    : splitFor(weight, context.total).canary;
  return replicasAt(context.steps, index) ?? implied;
}
