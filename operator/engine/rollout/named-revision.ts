// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus } from '../../api/rollout-status.ts';

/**
 * The revision that a request must name, all but `rollback`: that of the release; in a bake, and where there is none,
 * the stable one. Undefined before the adoption.
 */
export function namedRevision({
  stage,
  stable,
  canary,
}: Pick<RolloutStatus, 'stage' | 'stable' | 'canary'>): string | undefined {
  return (stage === 'Baking' ? stable : (canary ?? stable))?.revision;
}
