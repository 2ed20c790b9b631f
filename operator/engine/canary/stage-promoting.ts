// SPDX-License-Identifier: Apache-2.0
import type { CanaryVerb } from '../../api/canary-status.ts';
import { EventReasons, Reasons } from '../../api/reasons.ts';
import { standsBefore } from './advance.ts';
import { nowIso, type PlanContext, type PlanDraft } from './draft.ts';
import { type Motion, REACHED, waitingFor } from './goal.ts';
import { recordOutcome } from './history.ts';
import { judgeBackground } from './judging.ts';
import { moveTo } from './motion.ts';
import { confirm } from './motion-route.ts';
import { isServing, pinOf } from './pins.ts';
import { ensureRevision } from './release.ts';
import { canaryName, stableName } from './sentences.ts';
import { AGAIN, type StageResult, shows } from './stage.ts';
import { hasNewTemplate, objectionOf, stillMoving } from './stage-stepping.ts';
import { ensurePin, pinAgeMs, recordWeight, writeWeight } from './tracking.ts';
import { obey } from './verbs.ts';
import { blocked, progressing } from './views.ts';

/**
 * From "all steps done" to "the canary is stable". Until the Service names the new revision everything can still
 * be called off; from then on it is only finished.
 */
export function planPromoting(
  context: PlanContext,
  draft: PlanDraft,
  verb: CanaryVerb | undefined,
): StageResult {
  const canary = draft.status.canary?.revision ?? '';
  if (isServing(context.world.service?.pin, canary)) return finishPromotion(context, draft, canary);
  return approachPromotion(context, draft, { verb, canary });
}

function approachPromotion(
  context: PlanContext,
  draft: PlanDraft,
  at: { verb: CanaryVerb | undefined; canary: string },
): StageResult {
  if (hasNewTemplate(context, draft)) return AGAIN;
  if (obey(context, draft, at.verb)) return AGAIN;
  const background = draft.status.skipChecks ? undefined : judgeBackground(context, draft);
  const objection = objectionOf(context, draft, background);
  if (objection) return objection;
  const taken = ensureRevision(context, draft, { revision: at.canary, replicas: context.total });
  if (taken) return shows(blocked(Reasons.NameTaken, taken));
  const stands = standsBefore(context, draft, background);
  const motion = moveTo(context, draft, {
    stable: draft.status.stable?.revision ?? '',
    canary: at.canary,
    weight: 100,
    replicas: context.total,
    frozen: stands !== undefined,
  });
  const doing = `promoting ${canaryName(draft.status)}`;
  const waits = stillMoving(context, draft, { motion, doing, background }) ?? stands;
  if (waits) return waits;
  const flip = ensurePin(context, draft, pinOf(at.canary));
  return stillMoving(context, draft, { motion: flip ?? REACHED, doing, background }) ?? AGAIN;
}

function finishPromotion(context: PlanContext, draft: PlanDraft, canary: string): StageResult {
  const motion = context.world.route ? returnWeight(context, draft, canary) : followedBy(context, canary);
  if (motion.problem) return shows(blocked(motion.problem.reason, motion.problem.message));
  if (!motion.reached)
    return shows(progressing(`promoting ${canaryName(draft.status)}; waits for ${motion.waiting}`));
  const { canary: promoted, step: _step, pause: _pause, skipChecks: _skipChecks, ...kept } = draft.status;
  const message = `${canaryName(draft.status)} promoted; it replaces ${stableName(draft.status)}`;
  recordOutcome(context, draft, { outcome: 'Promoted', reason: Reasons.Succeeded, message });
  draft.emit(EventReasons.Promoted, message);
  const { history = [] } = draft.status;
  draft.status = {
    ...kept,
    history,
    stage: 'Idle',
    stable: { ...(promoted ?? { revision: canary }), since: nowIso(context) },
  };
  recordWeight(draft, { desired: 0, observed: 0 });
  return AGAIN;
}

/** The Service has the new pods and nothing else, and the data plane knows: only then may the route give back its weight. */
function returnWeight(context: PlanContext, draft: PlanDraft, canary: string): Motion {
  const { route } = context.world;
  if (route && route.weight > 0) {
    const following = followedBy(context, canary);
    if (!following.reached) return following;
    const left = context.settleMs - pinAgeMs(context, draft);
    if (left > 0) {
      draft.wakeIn(left);
      return waitingFor('the route to follow the Service');
    }
    return writeWeight(context, draft, 0);
  }
  return confirm(context, draft);
}

function followedBy({ world, spec, total }: PlanContext, canary: string): Motion {
  const endpoints = world.service?.endpoints ?? {};
  const others = Object.entries(endpoints).filter(([revision, count]) => revision !== canary && count > 0);
  const ready = endpoints[canary] ?? 0;
  const need = world.canaryService ? Math.max(1, world.canaryService.endpoints[canary] ?? 0) : 1;
  if (total === 0) return REACHED;
  if (others.length > 0 || ready < Math.min(need, total))
    return waitingFor(`Service ${spec.service.name} to hold exactly the new pods`);
  return REACHED;
}
