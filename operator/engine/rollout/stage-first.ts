// SPDX-License-Identifier: Apache-2.0
import type { RolloutVerb } from '../../api/rollout-status.ts';
import { EventReasons, Reasons } from '../../api/reasons.ts';
import { advanceOrHold, standsBefore } from './advance.ts';
import { weaken } from './drain.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { isLetIn, startFirst, supersedeFirst, withoutJudging } from './first-version.ts';
import { type Motion, REACHED, waitingFor } from './goal.ts';
import { recordOutcome } from './history.ts';
import { judgeStep } from './judging.ts';
import { keepStrength, pointCanaryService } from './motion-route.ts';
import { isTargetPaused } from './paused-target.ts';
import { isServing, NOBODY } from './pins.ts';
import { readyPods } from './ready-pods.ts';
import { describeRevision, enterStep, ensureRevision } from './release.ts';
import { findRevision, wantedRevision } from './revisions.ts';
import { canaryName, refusedSentence, stableName, whereabouts } from './sentences.ts';
import { AGAIN, type StageResult, shows } from './stage.ts';
import { objectionOf, restartOnNewSteps, stillMoving } from './stage-stepping.ts';
import { nameFirst } from './take-over.ts';
import { ensurePin, heardAgeMs, stopWaiting } from './tracking.ts';
import type { TargetFacts } from './types.ts';
import { obey } from './verbs.ts';
import { blocked, progressing } from './views.ts';
import { holdAtZero } from './zero.ts';

interface Moment {
  readonly target: TargetFacts;
  readonly verb: RolloutVerb | undefined;
}

/**
 * A version that comes first. Before anything else the Service is made to find nobody; then the pods of its revision
 * come up beside it, are judged, and are found by the Service in one write.
 */
export function planFirst(context: PlanContext, draft: PlanDraft, at: Moment): StageResult {
  const first = { ...context, steps: context.spec.firstSteps };
  if (takeUp(first, draft, at)) return AGAIN;
  const closing = isLetIn(draft.status) ? undefined : ensurePin(first, draft, NOBODY);
  if (closing?.problem) {
    stopWaiting(draft);
    return shows(blocked(closing.problem.reason, closing.problem.message));
  }
  if (closing)
    return shows(progressing(`${whereabouts(first.spec, draft.status)}; waits for ${closing.waiting}`));
  return draft.status.stage === 'Refused' ? planRefused(first, draft) : planJudging(first, draft, at);
}

/** What begins, begins anew, or is asked for; true where the stage may be another one by that. */
function takeUp(context: PlanContext, draft: PlanDraft, { target, verb }: Moment): boolean {
  const { status } = draft;
  const wanted = wantedRevision(target, context.world.revisions);
  if (!status.canary) return begins(context, draft, wanted);
  if (hasNewTemplate(context, draft, wanted)) {
    supersedeFirst(context, draft);
    return begins(context, draft, wanted);
  }
  if (status.stage === 'Refused' && verb === 'retry') return begins(context, draft, wanted);
  if (verb === 'promote-full') return letIn(context, draft);
  if (status.stage === 'Judging' && !isLetIn(status)) restartOnNewSteps(context, draft);
  return obey(context, draft, verb);
}

function begins(context: PlanContext, draft: PlanDraft, revision: string): true {
  startFirst(context, draft, revision);
  return true;
}

/** What the Service finds already is finished: its pods get traffic. */
function hasNewTemplate({ world }: PlanContext, { status }: PlanDraft, wanted: string): boolean {
  const revision = status.canary?.revision;
  if (wanted === revision || world.target?.paused) return false;
  return !(isServing(world.service?.pin, revision) && findRevision(world, revision));
}

function letIn(context: PlanContext, draft: PlanDraft): true {
  const { pause: _pause, failure: _failure, ...kept } = draft.status;
  draft.status = { ...kept, stage: 'Judging', skipChecks: true };
  enterStep(context, draft, context.steps.length);
  draft.emit(EventReasons.Approved, 'let in on request; the steps and checks left are skipped');
  return true;
}

/** One look at a first version on its way: are its pods up, is it bad, and may it go on? */
function planJudging(context: PlanContext, draft: PlanDraft, { target }: Moment): StageResult {
  const revision = draft.status.canary?.revision ?? '';
  const isFound = isServing(context.world.service?.pin, revision);
  const idle = isFound ? undefined : holdAtZero(context, draft);
  if (idle) return idle;
  const taken = ensureRevision(context, draft, { revision, replicas: context.total });
  if (taken) return shows(blocked(Reasons.NameTaken, taken));
  const motion = stand(context, draft, revision);
  // what the Service finds already has been let in
  if (isFound) return finish(context, draft, { revision, target });
  const doing = whereabouts(context.spec, draft.status);
  const moving = stillMoving(context, draft, { motion, doing, background: undefined });
  return moving ?? judge(context, draft, { revision, target });
}

/** All of its pods are ready: the step says what comes before it is let in. */
function judge(
  context: PlanContext,
  draft: PlanDraft,
  at: { revision: string; target: TargetFacts },
): StageResult {
  const index = draft.status.step?.index ?? 0;
  const step = context.steps[index];
  if (isLetIn(draft.status) || !step) return finish(context, draft, at);
  const finding = step.analysis ? judgeStep(context, draft, step.analysis) : undefined;
  const objection = objectionOf(context, draft, finding);
  return objection ?? advanceOrHold(context, draft, { step, index, background: undefined, finding });
}

/** All of its pods, and beside a route or a preview the Service that finds them alone. */
function stand(context: PlanContext, draft: PlanDraft, revision: string): Motion {
  const { spec, total, world } = context;
  const hasService = world.route !== undefined || spec.previewed;
  const pointing = hasService ? pointCanaryService(context, draft, revision, total) : undefined;
  keepStrength(context, draft, revision);
  if (pointing) return pointing;
  const facts = findRevision(world, revision);
  const { available = 0 } = facts ?? {};
  const ready = hasService ? (world.canaryService?.endpoints[revision] ?? 0) : available;
  if (Math.min(available, ready) >= total) return REACHED;
  return waitingFor(readyPods(context, total, facts, 'first'));
}

/** The Service finds its pods, and it is stable. */
function finish(
  context: PlanContext,
  draft: PlanDraft,
  at: { revision: string; target: TargetFacts },
): StageResult {
  const isFound = isServing(context.world.service?.pin, at.revision);
  const stands = isFound ? undefined : standsBefore(context, draft, undefined);
  if (stands) return stands;
  const name = canaryName(draft.status);
  const motion = nameFirst(context, draft, at);
  if (motion.problem) return shows(blocked(motion.problem.reason, motion.problem.message));
  if (!motion.reached)
    return shows(progressing(`letting first version ${name} in; waits for ${motion.waiting}`));
  const verdict = draft.status.skipChecks ? 'let in on request' : 'has passed';
  const message = `first version ${name} ${verdict}; Service ${context.spec.service.name} finds it`;
  recordOutcome(context, draft, { outcome: 'Promoted', reason: Reasons.Succeeded, message });
  draft.emit(EventReasons.Promoted, message);
  const since = draft.status.pinned?.since;
  const stable = { ...describeRevision(context, at.revision), ...(since ? { since } : {}) };
  const { analysis } = draft.status;
  draft.status = {
    ...withoutJudging(draft.status),
    stage: 'Idle',
    stable,
    ...(analysis ? { analysis } : {}),
  };
  draft.emit(
    EventReasons.Initialized,
    `Deployment ${context.spec.targetRef.name} adopted; all traffic on ${stableName(draft.status)}`,
  );
  return AGAIN;
}

/** Its pods stay for as long as somebody may want to look at them. */
function planRefused(context: PlanContext, draft: PlanDraft): StageResult {
  const { failure, canary } = draft.status;
  const revision = findRevision(context.world, canary?.revision);
  const left = context.drainMs - heardAgeMs(context, failure?.at);
  if (revision && revision.replicas > 0) {
    if (left > 0) draft.wakeIn(left);
    else weaken(context, draft, revision, 0);
  }
  const reason = Object.values(Reasons).find((known) => known === failure?.reason) ?? Reasons.AnalysisFailed;
  const paused = isTargetPaused(context)
    ? '; the Deployment is paused, so a newer template waits until it is resumed'
    : '';
  return shows(blocked(reason, `${refusedSentence(context.spec, draft.status)}${paused}`));
}
