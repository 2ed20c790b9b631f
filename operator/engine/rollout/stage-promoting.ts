// SPDX-License-Identifier: Apache-2.0
import type { RolloutVerb } from '../../api/rollout-status.ts';
import { EventReasons, Reasons } from '../../api/reasons.ts';
import { standsBefore } from './advance.ts';
import { nowIso, type PlanContext, type PlanDraft } from './draft.ts';
import { REACHED } from './goal.ts';
import { settleOn } from './hand-over.ts';
import { recordOutcome } from './history.ts';
import { type Finding, judgeBackground } from './judging.ts';
import { moveTo } from './motion.ts';
import { isServing, pinOf } from './pins.ts';
import { withPrevious } from './previous.ts';
import { ensureRevision, startRollback } from './release.ts';
import { findRevision, readyOf } from './revisions.ts';
import { canaryName, stableName } from './sentences.ts';
import { AGAIN, type StageResult, shows } from './stage.ts';
import { startBake } from './stage-baking.ts';
import { hasNewTemplate, mayHavePods, objectionOf, stillMoving } from './stage-stepping.ts';
import { ensurePin, recordWeight } from './tracking.ts';
import { obey } from './verbs.ts';
import { blocked, holding, progressing } from './views.ts';
import { holdAtZero } from './zero.ts';

/**
 * From "all steps done" to "the canary is stable". Until the Service names the new revision everything can still
 * be called off; from then on it is only finished.
 */
export function planPromoting(
  context: PlanContext,
  draft: PlanDraft,
  verb: RolloutVerb | undefined,
): StageResult {
  const canary = draft.status.canary?.revision ?? '';
  if (isServing(context.world.service?.pin, canary))
    return giveBack(context, draft, canary) ?? finishPromotion(context, draft, canary);
  return approachPromotion(context, draft, { verb, canary });
}

function approachPromotion(
  context: PlanContext,
  draft: PlanDraft,
  at: { verb: RolloutVerb | undefined; canary: string },
): StageResult {
  const stops = callOff(context, draft, at.verb);
  if (stops) return stops;
  const background = draft.status.skipChecks ? undefined : judgeBackground(context, draft);
  const objection = objectionOf(context, draft, background);
  if (objection) return objection;
  const taken = ensurePods(context, draft, at.canary);
  if (taken) return shows(blocked(Reasons.NameTaken, taken));
  const stands = mayNotBegin(context, draft, background);
  const motion = moveTo(context, draft, {
    stable: draft.status.stable?.revision ?? '',
    canary: at.canary,
    weight: 100,
    matched: true,
    replicas: context.total,
    frozen: stands !== undefined,
  });
  const doing = `promoting ${canaryName(draft.status)}`;
  const waits = stillMoving(context, draft, { motion, doing, background }) ?? stands;
  if (waits) return waits;
  const flip = ensurePin(context, draft, pinOf(at.canary));
  return stillMoving(context, draft, { motion: flip ?? REACHED, doing, background }) ?? AGAIN;
}

function ensurePods(context: PlanContext, draft: PlanDraft, revision: string): string | undefined {
  const replicas = mayHavePods(context, draft) ? context.total : 0;
  return ensureRevision(context, draft, { revision, replicas });
}

/** What keeps it from being gone on with: a newer template, a person, or that nothing runs. */
function callOff(
  context: PlanContext,
  draft: PlanDraft,
  verb: RolloutVerb | undefined,
): StageResult | undefined {
  if (hasNewTemplate(context, draft) || obey(context, draft, verb)) return AGAIN;
  return holdAtZero(context, draft);
}

/** Somebody has paused it, metrics are missing, or its checks have seen none of its traffic: no evidence is no yes. */
function mayNotBegin(
  context: PlanContext,
  draft: PlanDraft,
  background: Finding | undefined,
): StageResult | undefined {
  const stands = standsBefore(context, draft, background);
  const { status } = draft;
  if (stands || !context.spec.analysis || status.skipChecks || background) return stands;
  const why = 'it has had no traffic, so that its analysis has judged nothing';
  const where = `all traffic stays on ${stableName(status)}`;
  return shows(holding(Reasons.NoData, `${canaryName(status)}: ${why}; ${where}; promote-full or abort`));
}

/** Its pods went after the Service was pointed at them: stable has all of its own still, so nobody waits for new ones. */
function giveBack(context: PlanContext, draft: PlanDraft, canary: string): StageResult | undefined {
  const { world, total } = context;
  const stable = draft.status.stable?.revision ?? '';
  if (total === 0 || readyOf(world, canary) > 0 || readyOf(world, stable) === 0) return undefined;
  const what = findRevision(world, canary) ? 'has no ready pod any more' : 'has lost its Deployment';
  startRollback(context, draft, {
    reason: Reasons.CanaryDown,
    message: `${canaryName(draft.status)} ${what}`,
  });
  return AGAIN;
}

function finishPromotion(context: PlanContext, draft: PlanDraft, canary: string): StageResult {
  const motion = settleOn(context, draft, canary);
  if (motion.problem) return shows(blocked(motion.problem.reason, motion.problem.message));
  if (!motion.reached)
    return shows(progressing(`promoting ${canaryName(draft.status)}; waits for ${motion.waiting}`));
  const { canary: promoted, step: _step, pause: _pause, skipChecks, ...kept } = draft.status;
  const old = kept.stable;
  const message = `${canaryName(draft.status)} promoted; it replaces ${stableName(draft.status)}`;
  recordOutcome(context, draft, { outcome: 'Promoted', reason: Reasons.Succeeded, message });
  draft.emit(EventReasons.Promoted, message);
  const { history = [] } = draft.status;
  draft.status = {
    ...kept,
    history,
    stage: 'Idle',
    previous: withPrevious(context.spec, kept, canary),
    stable: { ...(promoted ?? { revision: canary }), since: nowIso(context) },
  };
  recordWeight(draft, { desired: 0, observed: 0 });
  startBake(context, draft, { old, skipChecks });
  return AGAIN;
}
