// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus } from '../../api/rollout-status.ts';
import { toIso } from '../time.ts';

/**
 * The status with what its writes brought about dated to when the last of them was answered. A plan dates it to its own
 * moment; where the API server took its time, or a write was tried again, the data plane has had less time since.
 * Times in ms since 1970.
 */
export function datedAsActed(status: RolloutStatus, plannedMs: number, actedMs: number): RolloutStatus {
  const { weight, pinned } = status;
  const [planned, acted] = [toIso(plannedMs), toIso(actedMs)];
  return {
    ...status,
    ...(weight?.setSince === planned && { weight: { ...weight, setSince: acted } }),
    ...(pinned?.since === planned && { pinned: { ...pinned, since: acted } }),
  };
}
