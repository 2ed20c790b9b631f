// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus } from '../../api/rollout-status.ts';
import { Reasons } from '../../api/reasons.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import type { Goal } from './goal.ts';
import { moveTo } from './motion.ts';
import { findRevision } from './revisions.ts';
import { isCarrying, isSameShare, NO_SHARE, type RouteShare } from './route-share.ts';
import { replicasAt } from './steps.ts';
import type { View } from './views.ts';

/**
 * What cannot be asked holds a release, not the care for its traffic: what others do to it meanwhile is put back, and
 * the canary gets no more than it had. The view, with a sentence about who keeps changing what.
 */
export function keepTraffic(context: PlanContext, draft: PlanDraft, view: View): View {
  const goal = goalOf(context, draft);
  const problem = goal && moveTo(context, draft, goal).problem;
  return problem?.reason === Reasons.Contended
    ? { ...view, message: `${view.message}; ${problem.message}` }
    : view;
}

/** The traffic as it was brought about before this plan. A canary that had none has nothing to be put back. */
function goalOf(context: PlanContext, { status }: PlanDraft): Goal | undefined {
  const { stable, canary, stage, step } = status;
  if (!stable) return undefined;
  const share = shareBefore(context);
  if (isSameShare(share, NO_SHARE) || isUnstarted(context, status)) {
    return { stable: stable.revision, weight: 0 };
  }
  const replicas =
    stage === 'Promoting' ? context.total : replicasAt(context.steps, step?.index ?? 0, context.total);
  return { stable: stable.revision, canary: canary?.revision, ...share, replicas, frozen: true };
}

function shareBefore({ rollout }: PlanContext): RouteShare {
  const { desired = 0, matched = false } = rollout.status?.weight ?? {};
  return { weight: desired, matched };
}

/** The canary was made and has had no pod yet: what it waits for, no pod of it can start without. */
function isUnstarted({ world }: PlanContext, { canary, weight }: RolloutStatus): boolean {
  const hasTraffic = isCarrying(world.route) || (weight?.observed ?? 0) > 0;
  return !hasTraffic && findRevision(world, canary?.revision)?.replicas === 0;
}
