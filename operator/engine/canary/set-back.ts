// SPDX-License-Identifier: Apache-2.0
import type { CanaryStatus } from '../../api/canary-status.ts';
import { fromIso, toIso } from '../time.ts';

/**
 * The status as a clock can have written it that shows `now`, in ms: what it says has begun later begins now. A clock
 * that is set back between two processes would else make every wait longer by as much; so it only begins anew.
 */
export function withoutFuture(status: CanaryStatus, now: number): CanaryStatus {
  const { step, weight, pinned, drain, pause, bake } = status;
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
    ...(pinned && { pinned: { ...pinned, since: begun(pinned.since) } }),
    ...(drain && { drain: { ...drain, since: begun(drain.since) } }),
    ...(bake && { bake: { ...bake, startedAt: begun(bake.startedAt) } }),
    ...(pause && { pause: { ...pause, since: begun(pause.since) } }),
  };
}
