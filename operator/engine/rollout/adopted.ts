// SPDX-License-Identifier: Apache-2.0
import type { PlanContext } from './draft.ts';
import { wantedRevision } from './revisions.ts';
import type { RevisionFacts, TargetFacts } from './types.ts';

/** The revision that an adoption makes stable: one that serves already, as after a lost status, or the target's. */
export function adoptedRevision(context: PlanContext, target: TargetFacts): string {
  const wanted = wantedRevision(target, context.world.revisions);
  return servingRevision(context, target, wanted)?.revision ?? wanted;
}

/**
 * What the Service names and what is there is stable, whatever the target says by now. Where it names all revisions, a
 * release was on its way, and the revision that is not asked for is the one it began from. So it is where somebody
 * has the Service name what is not there, or the target's own pods have been retired, and a template has come that has no
 * revision yet: it has steps to go.
 */
function servingRevision(
  { world }: PlanContext,
  target: TargetFacts,
  wanted: string,
): RevisionFacts | undefined {
  const { kind = 'none', ...pin } = world.service?.pin ?? {};
  const { revisions } = world;
  const available = revisions.filter((revision) => revision.available > 0);
  const named = revisions.find(({ revision }) => 'revision' in pin && revision === pin.revision);
  // of one that is just being scaled nothing is known for a moment, and it is not taken for gone
  if (named) return named.available > 0 || !named.current ? named : undefined;
  const isNew = !revisions.some(({ revision }) => revision === wanted);
  const isTaken = isNew && (kind === 'revision' || target.replicas === 0);
  return kind === 'all' || isTaken ? available.find(({ revision }) => revision !== wanted) : undefined;
}
