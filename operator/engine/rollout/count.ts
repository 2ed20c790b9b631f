// SPDX-License-Identifier: Apache-2.0
import type { Rollout } from './rollout.ts';
import { Labels } from '../../api/group.ts';
import type { RolloutStage, RolloutStatus } from '../../api/rollout-status.ts';
import { labelValue } from '../names.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { servingOf, wantedRevision } from './revisions.ts';
import type { RolloutWorld, RevisionFacts } from './types.ts';

/**
 * Pods in all that a Canary should have: what its spec says; else, as long as the target's own pods serve, what the
 * target says, which an autoscaler may still move; else what was in force last. An adopted Deployment stands at 0, so
 * its own number says nothing any more.
 */
export function totalReplicas({ spec, status }: Rollout, world: RolloutWorld): number {
  if (spec.replicas !== undefined) return spec.replicas;
  const own = world.target?.replicas ?? 0;
  if (status?.stage === 'Adopting' && isOwnAsked(world) && own > 0) return own;
  return status?.specReplicas ?? rebuilt(world, own);
}

/** No revision gets requests yet, so that the target's own number is the one that people and autoscalers look at. */
function isOwnAsked({ service }: RolloutWorld): boolean {
  return service?.pin.kind === 'none' || service?.pin.kind === 'nobody';
}

/** After a lost status: the sum of the revisions where all share the traffic, the greatest where one takes it all. */
function rebuilt({ service, revisions }: RolloutWorld, own: number): number {
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

/** More pods are asked for than before, and they get the whole deadline to start. */
export function hasGrown({ rollout, total }: PlanContext): boolean {
  return total > (rollout.status?.specReplicas ?? total);
}

const SHARED: readonly (RolloutStage | undefined)[] = ['Stepping', 'Promoting', 'Returning'];

/**
 * What the scale subresource says. An autoscaler multiplies what its metrics say by the number of pods that it finds, so
 * it finds those that get requests: both revisions while they share the traffic, else the one that has it all. Pods that
 * drain, and revisions that are kept warm or are about to go, would make it see twice as many.
 */
export function scaleFacts(
  { rollout, world }: PlanContext,
  status: RolloutStatus,
): { replicas: number; selector: string } {
  const names = carriersOf(rollout, status, world);
  const carriers = world.revisions.filter(({ revision }) => names.includes(revision));
  const which = names.length > 0 ? `,${Labels.revision} in (${names.toSorted().join(',')})` : '';
  const own = `${Labels.canary}=${labelValue(rollout.metadata.name)}`;
  return {
    replicas: carriers.reduce((sum, revision) => sum + servingPods(revision), 0),
    selector: `${own}${which},${Labels.serving}=true`,
  };
}

/** A preview has no clients before its promotion, and idle pods would say that there is little to do. */
function carriersOf(
  { spec }: Rollout,
  { stage, stable, canary }: RolloutStatus,
  { target, revisions }: RolloutWorld,
): string[] {
  const isPreview = spec.previewed && stage === 'Stepping';
  const shares = SHARED.includes(stage) && !isPreview ? [stable, canary] : [stable];
  const known = shares.flatMap((role) => role?.revision ?? []);
  if (known.length > 0 || !target) return known;
  return [wantedRevision(target, revisions)];
}

function servingPods({ members }: RevisionFacts): number {
  return members.filter(({ serving }) => serving).length;
}
