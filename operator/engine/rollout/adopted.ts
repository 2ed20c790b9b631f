// SPDX-License-Identifier: Apache-2.0
import type { PlanContext } from './draft.ts';
import { wantedRevision } from './revisions.ts';
import type { RevisionFacts, RolloutWorld, TargetFacts } from './types.ts';

/** The revision that an adoption makes stable: one that serves already, as after a lost status, or the target's. */
export function adoptedRevision({ world }: Pick<PlanContext, 'world'>, target: TargetFacts): string {
  const wanted = wantedRevision(target, world.revisions);
  return servingRevision(world, target, wanted)?.revision ?? wanted;
}

/**
 * What the Service names and what is there is stable, whatever the target says by now. Where it names all revisions, a
 * release was on its way, and the revision that is not asked for is the one it began from. So it is where somebody
 * has the Service name what is not there, or the target's own pods have been retired, and a template has come that has no
 * revision yet: it has steps to go.
 */
function servingRevision(
  world: RolloutWorld,
  target: TargetFacts,
  wanted: string,
): RevisionFacts | undefined {
  const { kind = 'none', ...pin } = world.service?.pin ?? {};
  if (kind === 'nobody') return undefined;
  const { revisions } = world;
  const available = revisions.filter((revision) => revision.available > 0);
  const named = revisions.find(({ revision }) => 'revision' in pin && revision === pin.revision);
  if (named) return isThere(named) ? named : undefined;
  const isNew = !revisions.some(({ revision }) => revision === wanted);
  const isTaken = isNew && (kind === 'revision' || target.replicas === 0);
  return kind === 'all' || isTaken ? available.find(({ revision }) => revision !== wanted) : undefined;
}

/**
 * Of one that is just being scaled nothing is known for a moment, and it is not taken for gone: the Deployment may count
 * pods no more that the watch of pods still shows as taken out.
 */
function isThere({ available, current, members }: RevisionFacts): boolean {
  return available > 0 || !current || members.some(({ ready, serving }) => ready && serving);
}
