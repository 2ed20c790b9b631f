// SPDX-License-Identifier: Apache-2.0
import type { RolloutKind } from '../../engine/rollout/rollout.ts';
import type { KubeObject } from '../../kube/objects.ts';
import type { resources } from '../../kube/resources.ts';
import type { Reading } from './read.ts';

/** Keys of the resources table, and of the stores, that hold objects of such kinds. */
export type RolloutResource = Extract<keyof typeof resources, 'canaries' | 'blueGreens'>;

/** What the controller has to know of a kind; all else is the same for every one. */
export interface ServedKind {
  readonly kind: RolloutKind;
  /** Of its controller, in logs and metrics. */
  readonly name: string;
  readonly resource: RolloutResource;
  read(object: KubeObject): Reading;
}
