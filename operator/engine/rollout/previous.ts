// SPDX-License-Identifier: Apache-2.0
import type { RolloutSpec } from './rollout.ts';
import type { RolloutStatus } from '../../api/rollout-status.ts';
import type { RevisionStatus } from '../../api/release-status.ts';
import type { PlanContext } from './draft.ts';
import { findRevision, KEPT_REVISIONS } from './revisions.ts';

type Previous = NonNullable<RolloutStatus['previous']>;

/**
 * The revisions that were stable, newest first, after another one was promoted over the last of them. Who was left by
 * going back is not among them: it has to prove itself again.
 */
export function withPrevious(
  spec: RolloutSpec,
  { previous = [], stable }: RolloutStatus,
  promoted: string,
): Previous {
  const older = previous.filter(({ revision }) => revision !== stable?.revision && revision !== promoted);
  const limit = Math.max(KEPT_REVISIONS, spec.rollbackWindow?.revisions ?? 0);
  return [...(stable ? [namesOf(stable)] : []), ...older].slice(0, limit);
}

/** What is left to go back to from a revision that was gone back to: those that were stable before it. */
export function before({ previous = [] }: RolloutStatus, revision: string): Previous {
  return previous.slice(previous.findIndex((one) => one.revision === revision) + 1);
}

/** The revisions that can be gone back to now: a Deployment that is gone cannot be made again without its template. */
export function rollbackTargets({ world }: PlanContext, { previous = [], stable }: RolloutStatus): Previous {
  return previous.filter(
    ({ revision }) => revision !== stable?.revision && findRevision(world, revision) !== undefined,
  );
}

/** The revision as one that a template may go back to without steps. */
export function inWindow(
  context: PlanContext,
  status: RolloutStatus,
  revision: string,
): Previous[number] | undefined {
  const { rollbackWindow } = context.spec;
  const window = (status.previous ?? []).slice(0, rollbackWindow?.revisions ?? 0).map((one) => one.revision);
  return rollbackTargets(context, status).find(
    (one) => one.revision === revision && window.includes(revision),
  );
}

function namesOf({ revision, version }: RevisionStatus): Previous[number] {
  return { revision, ...(version ? { version } : {}) };
}
