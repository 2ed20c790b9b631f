// SPDX-License-Identifier: Apache-2.0
import { Reasons } from '../../api/reasons.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { type Goal, held, type Motion } from './goal.ts';
import { moveByRatio } from './motion-ratio.ts';
import { moveByRoute } from './motion-route.ts';
import { findRevision } from './revisions.ts';

/**
 * One safe move of traffic towards the goal, by whatever splits it. The rules of motion live here and in the two
 * files below and nowhere else: capacity first; never flip a selector under weight; one move, then confirm, then
 * the next; drain before scale-down; never point at nothing; the weight is read back, never assumed.
 */
export function moveTo(context: PlanContext, draft: PlanDraft, goal: Goal): Motion {
  if (goal.weight < 100 && !findRevision(context.world, goal.stable)) {
    const orPromote = mayPromote(draft) ? `, or promote the ${context.spec.side}` : '';
    return held(
      Reasons.NoStableEndpoints,
      `the Deployment of ${context.spec.oldSide} revision ${goal.stable} is gone; traffic held where it is; set the template back to it${orPromote}`,
    );
  }
  return context.world.route ? moveByRoute(context, draft, goal) : moveByRatio(context, draft, goal);
}

/** Elsewhere there is no canary, or it has been refused. */
function mayPromote({ status }: PlanDraft): boolean {
  return status.stage === 'Stepping' || status.stage === 'Promoting';
}
