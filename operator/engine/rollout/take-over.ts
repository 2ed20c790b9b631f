// SPDX-License-Identifier: Apache-2.0
import type { PlanContext, PlanDraft } from './draft.ts';
import { type Motion, REACHED, waitingFor } from './goal.ts';
import { pinOf } from './pins.ts';
import { ensurePin } from './tracking.ts';
import type { TargetFacts } from './types.ts';

/**
 * The Service names the first revision, whose pods are ready; then the target's own pods end. Not before that is the
 * adoption over: a template that came earlier would have the Deployment replace pods that still get traffic.
 */
export function nameFirst(
  context: PlanContext,
  draft: PlanDraft,
  at: { revision: string; target: TargetFacts },
): Motion {
  const pinning = ensurePin(context, draft, pinOf(at.revision));
  if (pinning) return pinning;
  if (!isFollowed(context, at.revision))
    return waitingFor(`Service ${context.spec.service.name} to follow its selector`);
  return at.target.replicas > 0 ? waitingFor('its own pods to drain') : REACHED;
}

function isFollowed({ world, total }: PlanContext, revision: string): boolean {
  const endpoints = world.service?.endpoints ?? {};
  const others = Object.entries(endpoints).some(([name, count]) => name !== revision && count > 0);
  return !others && (endpoints[revision] ?? 0) >= Math.min(1, total);
}
