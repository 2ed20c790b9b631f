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
 * has the Service name what is not there, and where the target's own pods have been retired: what was made is not by that
 * the first of all, and a template that came later has steps to go.
 */
function servingRevision(
  { world }: PlanContext,
  target: TargetFacts,
  wanted: string,
): RevisionFacts | undefined {
  const { kind = 'none', ...pin } = world.service?.pin ?? {};
  const available = world.revisions.filter((revision) => revision.available > 0);
  const named = available.find(({ revision }) => 'revision' in pin && revision === pin.revision);
  const isTaken = kind === 'all' || kind === 'revision' || target.replicas === 0;
  return named ?? (isTaken ? available.find(({ revision }) => revision !== wanted) : undefined);
}
