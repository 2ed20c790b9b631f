// SPDX-License-Identifier: Apache-2.0
import type { PlanContext, PlanDraft } from './draft.ts';
import { type Motion, REACHED, waitingFor } from './goal.ts';
import { confirm } from './motion-route.ts';
import { isCarrying, NO_SHARE } from './route-share.ts';
import { pinAgeMs, writeWeight } from './tracking.ts';

/**
 * The Service names a revision that has all traffic by now: what is left of handing over to it. Its EndpointSlices
 * follow, the data plane hears of it, and the route gives its weight back.
 */
export function settleOn(context: PlanContext, draft: PlanDraft, revision: string): Motion {
  return context.world.route ? returnWeight(context, draft, revision) : followedBy(context, revision);
}

/** The Service has the new pods and nothing else, and the data plane knows: only then may the route give back its weight. */
function returnWeight(context: PlanContext, draft: PlanDraft, revision: string): Motion {
  const { route } = context.world;
  if (isCarrying(route)) {
    const following = followedBy(context, revision);
    if (!following.reached) return following;
    const left = context.settleMs - pinAgeMs(context, draft);
    if (left > 0) {
      draft.wakeIn(left);
      return waitingFor('the route to follow the Service');
    }
    return writeWeight(context, draft, NO_SHARE);
  }
  return confirm(context, draft);
}

function followedBy({ world, spec, total }: PlanContext, revision: string): Motion {
  const endpoints = world.service?.endpoints ?? {};
  const others = Object.entries(endpoints).filter(([name, count]) => name !== revision && count > 0);
  const ready = endpoints[revision] ?? 0;
  const need = world.canaryService ? Math.max(1, world.canaryService.endpoints[revision] ?? 0) : 1;
  if (total === 0) return REACHED;
  if (others.length > 0 || ready < Math.min(need, total))
    return waitingFor(`Service ${spec.service.name} to hold exactly the new pods`);
  return REACHED;
}
