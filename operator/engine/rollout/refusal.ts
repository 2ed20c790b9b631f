// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus } from '../../api/rollout-status.ts';
import type { PlanContext } from './draft.ts';
import { wantedRevision } from './revisions.ts';

/** What is known against a template, and the verb by which a person lets it have all traffic nevertheless. */
export interface Refusal {
  /** Completes "the template, which ...". */
  readonly because: string;
  readonly verb: 'promote-full' | 'admit';
}

/**
 * What is known against the template that the target asks for: it was rolled back, or has never been admitted.
 * Undefined: nothing is, or a person has said that it shall have all traffic nevertheless. A release that is on its
 * way has nothing against it yet.
 */
export function refusalOf({ world, spec }: PlanContext, status: RolloutStatus): Refusal | undefined {
  const { stage, stable, canary, failure, skipChecks } = status;
  if (!world.target || !stable || !canary || skipChecks) return undefined;
  const wanted = wantedRevision(world.target, world.revisions);
  if (wanted !== canary.revision || wanted === stable.revision) return undefined;
  if (stage === 'RolledBack') {
    return { because: `was rolled back (${failure?.message ?? 'why is lost'})`, verb: 'promote-full' };
  }
  const isUnadmitted = stage === 'Waiting' && spec.releasePolicy === 'Managed';
  return isUnadmitted ? { because: 'nobody has admitted', verb: 'admit' } : undefined;
}
