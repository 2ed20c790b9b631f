// SPDX-License-Identifier: Apache-2.0
import type { Canary } from '../../api/kinds.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { servingOf } from './revisions.ts';
import type { CanaryWorld } from './types.ts';

/**
 * Pods in all that a Canary should have: what its spec says; else, as long as the target's own pods serve, what the
 * target says, which an autoscaler may still move; else what was in force last. An adopted Deployment stands at 0, so
 * its own number says nothing any more.
 */
export function totalReplicas({ spec, status }: Canary, world: CanaryWorld): number {
  if (spec.replicas !== undefined) return spec.replicas;
  const own = world.target?.replicas ?? 0;
  const isOwnServing = status?.stage === 'Adopting' && world.service?.pin.kind === 'none';
  if (isOwnServing && own > 0) return own;
  return status?.specReplicas ?? rebuilt(world, own);
}

/** After a lost status: the sum of the revisions where all share the traffic, the greatest where one takes it all. */
function rebuilt({ service, revisions }: CanaryWorld, own: number): number {
  const pin = service?.pin;
  const isWhole = pin !== undefined && 'whole' in pin;
  const running = revisions.map((revision) => (isWhole ? revision.replicas : servingOf(revision)));
  if (pin?.kind === 'all') return running.reduce((sum, replicas) => sum + replicas, 0);
  return Math.max(own, ...running);
}

/**
 * Remembers the number that is in force, so that it stays so when somebody takes it out of the spec, and writes it
 * there where it is missing: the API server answers the scale subresource only with a number in the spec. A number that
 * is there is never written over; it belongs to people and autoscalers.
 */
export function keepCount({ spec, total }: PlanContext, draft: PlanDraft): void {
  draft.status.specReplicas = total;
  if (draft.status.stable && spec.replicas === undefined) draft.act({ kind: 'setReplicas', replicas: total });
}
