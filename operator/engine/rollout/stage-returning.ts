// SPDX-License-Identifier: Apache-2.0
import type { RolloutVerb } from '../../api/rollout-status.ts';
import type { RevisionStatus } from '../../api/release-status.ts';
import { Reasons } from '../../api/reasons.ts';
import { overdueMotion } from './advance.ts';
import { halfOf } from './capacity.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { arrive } from './going-back.ts';
import type { Motion } from './goal.ts';
import { settleOn } from './hand-over.ts';
import { moveTo } from './motion.ts';
import { isServing, pinOf } from './pins.ts';
import { findRevision } from './revisions.ts';
import { canaryName, returningSentence, stableName } from './sentences.ts';
import { AGAIN, type StageResult, shows } from './stage.ts';
import { hasNewTemplate } from './stage-stepping.ts';
import { carriedWeight, ensurePin } from './tracking.ts';
import { obey } from './verbs.ts';
import { blocked, rollingBack } from './views.ts';
import { holdAtZero } from './zero.ts';

/**
 * All traffic on its way to a revision that was stable before. Until some of it has moved a newer template comes first,
 * and until the Service names that revision it can be called off.
 */
export function planReturning(
  context: PlanContext,
  draft: PlanDraft,
  at: { stable: RevisionStatus; verb: RolloutVerb | undefined },
): StageResult {
  const to = draft.status.canary?.revision ?? '';
  const isNamed = isServing(context.world.service?.pin, to);
  const stops = isNamed ? undefined : callOff(context, draft, { to, verb: at.verb });
  if (stops) return stops;
  const motion = isNamed ? settleOn(context, draft, to) : approach(context, draft, { stable: at.stable, to });
  noteRestored(context, draft, to);
  if (motion.problem) return shows(blocked(motion.problem.reason, motion.problem.message));
  if (isOverdue(context, draft, motion)) return AGAIN;
  if (!motion.reached)
    return shows(rollingBack(`${returningSentence(draft.status)}; waits for ${motion.waiting}`));
  if (isNamed) arrive(context, draft);
  return AGAIN;
}

/** What keeps it from being gone on with: a newer template, a person, or that there is nowhere to go any more. */
function callOff(
  context: PlanContext,
  draft: PlanDraft,
  { to, verb }: { to: string; verb: RolloutVerb | undefined },
): StageResult | undefined {
  const hasMoved = carriedWeight(context, to) > 0;
  if (!hasMoved && hasNewTemplate(context, draft)) return AGAIN;
  if (obey(context, draft, verb)) return AGAIN;
  if (findRevision(context.world, to)) return holdAtZero(context, draft);
  return shows(blocked(Reasons.NoStableEndpoints, goneSentence(draft)));
}

/** Who goes back takes half of the pods for a start, as a rollback does. */
function approach(
  context: PlanContext,
  draft: PlanDraft,
  { stable, to }: { stable: RevisionStatus; to: string },
): Motion {
  const { total } = context;
  const motion = moveTo(context, draft, {
    stable: stable.revision,
    canary: to,
    weight: 100,
    replicas: total,
    enough: halfOf(total),
  });
  return motion.reached ? (ensurePin(context, draft, pinOf(to)) ?? motion) : motion;
}

/** A failed bake has nowhere else to go, so it waits for as long as it takes. */
function isOverdue(context: PlanContext, draft: PlanDraft, motion: Motion): boolean {
  return draft.status.returning?.by !== 'Bake' && overdueMotion(context, draft, motion);
}

/** The write that gives the traffic back: to the route, or to the selector of the Service. */
function noteRestored({ world }: PlanContext, { status }: PlanDraft, to: string): void {
  if (!status.returning || status.returning.restoredAt) return;
  // as the cluster shows it, for a decision is stored before it is written
  const isBack = world.route ? world.route.weight === 100 : isServing(world.service?.pin, to);
  const restoredAt = world.route ? status.weight?.setSince : status.pinned?.since;
  if (isBack && restoredAt) status.returning = { ...status.returning, restoredAt };
}

function goneSentence({ status }: PlanDraft): string {
  return `the Deployment of ${canaryName(status)} is gone; all traffic stays on ${stableName(status)}; change the template`;
}
