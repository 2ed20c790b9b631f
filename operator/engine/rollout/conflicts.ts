// SPDX-License-Identifier: Apache-2.0
import type { PlanContext } from './draft.ts';
import type { OverlapFacts, RivalFacts } from './types.ts';

/**
 * What governs an object that this one names too; undefined where this one does. One that has made revisions goes
 * before one that has not, because its pods may serve; then the oldest, and within a second the smaller uid. Each of
 * them comes to the same answer by itself.
 */
export function findRival({ world, rollout }: PlanContext): RivalFacts | undefined {
  const { uid, creationTimestamp: createdAt } = rollout.metadata;
  const own = { uid, createdAt, holds: world.revisions.length > 0 };
  return world.rivals
    .filter((rival) => precedes(rival, own))
    .toSorted((a, b) => (precedes(a, b) ? -1 : 1))[0];
}

type Claim = Pick<RivalFacts, 'uid' | 'createdAt' | 'holds'>;

function precedes(one: Claim, other: Claim): boolean {
  if (one.holds !== other.holds) return one.holds;
  return one.createdAt === other.createdAt ? one.uid < other.uid : one.createdAt < other.createdAt;
}

/** Why this release writes nothing, in one sentence. */
export function conflictMessage({ kind, name, shares }: RivalFacts): string {
  return `${kind} ${name} already governs ${shares.join(' and ')}, and an object can have only one; nothing is written for this one until the other is gone: delete one of the two`;
}

/** Why adopting the target would take requests from pods that are not the target's, in one sentence. */
export function overlapMessage({ spec }: PlanContext, overlaps: readonly OverlapFacts[]): string | undefined {
  const [first] = overlaps;
  if (!first) return undefined;
  const target = spec.targetRef.name;
  const service = spec.service.name;
  const more = overlaps.length > 1 ? ` (and ${overlaps.length - 1} more)` : '';
  return first.by === 'Service'
    ? `Service ${service} selects pods of Deployment ${first.deployment} too${more}, which would get no requests any more; let it select only pods of Deployment ${target}`
    : `Deployments ${target} and ${first.deployment}${more} select the same pods; give each a label of its own in its selector`;
}
