// SPDX-License-Identifier: Apache-2.0
import type { BlueGreenStatus } from '../../../operator/api/blue-green-status.ts';
import type { RolloutStatus } from '../../../operator/api/rollout-status.ts';
import { blueGreenKind } from '../../../operator/controllers/blue-green/kind.ts';
import { canaryKind } from '../../../operator/controllers/canary/kind.ts';
import type { ServedKind } from '../../../operator/controllers/rollout/served-kind.ts';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import type { Setup } from './story.ts';

/** What the operator of a story serves. */
export function servedKinds({ blueGreen }: Setup): readonly ServedKind[] {
  if (!blueGreen) return [canaryKind];
  return blueGreen.isServedBesideCanaries ? [canaryKind, blueGreenKind] : [blueGreenKind];
}

/** The status with the names that a Canary gives to the two sides, read from what is stored and not by the operator. */
export function statusOf(object: KubeObject | undefined): RolloutStatus | undefined {
  const status = object?.['status'];
  if (!status || object.kind !== 'BlueGreen') return status as RolloutStatus | undefined;
  const { active, preview, ...shared } = status as BlueGreenStatus;
  return { ...shared, ...(active ? { stable: active } : {}), ...(preview ? { canary: preview } : {}) };
}
