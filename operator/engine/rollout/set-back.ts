// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus } from '../../api/rollout-status.ts';
import { fromIso, toIso } from '../time.ts';

/**
 * The status as a clock can have written it that shows `now`, in ms: what it says has begun later begins now. A clock
 * that is set back between two processes would else make every wait longer by as much; so it only begins anew.
 */
export function withoutFuture(status: RolloutStatus, now: number): RolloutStatus {
  const { step, weight, pinned, drain, pause, bake, canary } = status;
  const begun = (since: string): string => (fromIso(since) > now ? toIso(now) : since);
  return {
    ...status,
    ...(step && {
      step: {
        ...step,
        startedAt: begun(step.startedAt),
        ...(step.waitingSince && { waitingSince: begun(step.waitingSince) }),
      },
    }),
    ...(weight && {
      weight: {
        ...weight,
        ...(weight.setSince && { setSince: begun(weight.setSince) }),
        ...(weight.confirmedSince && { confirmedSince: begun(weight.confirmedSince) }),
      },
    }),
    ...(pinned && { pinned: pinnedBegun(pinned, begun) }),
    ...(canary?.routedSince && { canary: { ...canary, routedSince: begun(canary.routedSince) } }),
    ...(drain && { drain: { ...drain, since: begun(drain.since) } }),
    ...(bake && { bake: { ...bake, startedAt: begun(bake.startedAt) } }),
    ...(pause && { pause: { ...pause, since: begun(pause.since) } }),
  };
}

function pinnedBegun(
  pinned: NonNullable<RolloutStatus['pinned']>,
  begun: (since: string) => string,
): RolloutStatus['pinned'] {
  const { since, followedSince } = pinned;
  return { ...pinned, since: begun(since), ...(followedSince && { followedSince: begun(followedSince) }) };
}
