// SPDX-License-Identifier: Apache-2.0
import type { PlanContext, PlanDraft } from './draft.ts';
import type { Goal, Motion } from './goal.ts';
import { moveByRatio } from './motion-ratio.ts';
import { moveByRoute } from './motion-route.ts';

/**
 * One safe move of traffic towards the goal, by whatever splits it. The rules of motion live here and in the two
 * files below and nowhere else: capacity first; never flip a selector under weight; one move, then confirm, then
 * the next; drain before scale-down; never point at nothing; the weight is read back, never assumed.
 */
export function moveTo(context: PlanContext, draft: PlanDraft, goal: Goal): Motion {
  return context.world.route ? moveByRoute(context, draft, goal) : moveByRatio(context, draft, goal);
}
