// SPDX-License-Identifier: Apache-2.0
import { blueGreenKind } from '../../../operator/controllers/blue-green/kind.ts';
import { canaryKind } from '../../../operator/controllers/canary/kind.ts';
import type { ServedKind } from '../../../operator/controllers/rollout/served-kind.ts';
import { previewServiceName } from '../../../operator/engine/blue-green/rollout-of.ts';
import { canaryServiceName } from '../../../operator/engine/rollout/names.ts';
import type { Rollout, RolloutKind } from '../../../operator/engine/rollout/rollout.ts';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { type Resource, resources } from '../../../operator/kube/resources.ts';

const KINDS: Readonly<Record<RolloutKind, ServedKind>> = { Canary: canaryKind, BlueGreen: blueGreenKind };

/** Where the API server serves the objects of a kind. */
export function resourceOf(kind: RolloutKind): Resource {
  return resources[KINDS[kind].resource];
}

/** The object as the operator itself sees it: of whatever kind, its status speaks of stable and canary. */
export function rolloutOf(kind: RolloutKind, object: KubeObject): Rollout {
  return KINDS[kind].read(object).rollout();
}

/** The Service that finds the new pods alone. */
export function canaryServiceOf(kind: RolloutKind, service: string): string {
  return kind === 'Canary' ? canaryServiceName(service) : previewServiceName({ service: { name: service } });
}
