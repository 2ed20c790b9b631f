// SPDX-License-Identifier: Apache-2.0
import type { RolloutStage, RolloutStatus } from '../../api/rollout-status.ts';
import { EventReasons } from '../../api/reasons.ts';
import type { RolloutPlan } from './types.ts';

/** Reasons that a reconcile gives when the API server has refused a write for what it was. */
const REFUSALS: ReadonlySet<string> = new Set(['Forbidden', 'ApiError']);

/** Stages in which progressDeadline may count. */
const COUNTING: readonly (RolloutStage | undefined)[] = ['Judging', 'Stepping', 'Promoting'];

/**
 * What is kept of a plan whose writes the API server refused, by a role, a quota or an admission rule. That a release
 * has begun and since when it waits is true all the same, and progressDeadline counts from there; what the writes
 * would have changed is not. Undefined: nothing.
 */
export function keptOfRefused(
  before: RolloutStatus | undefined,
  { status, events }: Pick<RolloutPlan, 'status' | 'events'>,
): Pick<RolloutPlan, 'status' | 'events'> | undefined {
  if (!COUNTING.includes(status.stage)) return undefined;
  const { weight: _weight, pinned: _pinned, fights: _fights, ...decided } = status;
  const { weight, pinned, fights } = before ?? {};
  return {
    status: { ...decided, ...(weight && { weight }), ...(pinned && { pinned }), ...(fights && { fights }) },
    events: events.filter(({ reason }) => reason === EventReasons.NewRevisionDetected),
  };
}

/** What the API server said when it refused the last write for this Canary; undefined: it refused nothing. */
export function lastRefusal(status: RolloutStatus | undefined): string | undefined {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'False' && REFUSALS.has(ready.reason) ? ready.message : undefined;
}
