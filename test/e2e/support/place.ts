// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus } from '../../../operator/api/rollout-status.ts';
import { isAt } from './acts.ts';

/** At a pause that ends when a person says so, with its weight read back: nothing is under way. */
export function restsAt(index: number, weight: number): (status: RolloutStatus) => boolean {
  return (status) => isAt(index, weight)(status) && status.pause?.by === 'Step';
}

/** Where a release stands, whoever looks after it. */
export function placeOf({ stage, step, weight, canary, stable, pause }: RolloutStatus): unknown {
  return { stage, step, weight, canary: canary?.revision, stable: stable?.revision, pause };
}
