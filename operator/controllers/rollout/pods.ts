// SPDX-License-Identifier: Apache-2.0
import { Annotations, Labels } from '../../api/group.ts';
import type { PodFacts } from '../../engine/rollout/types.ts';
import { DELETION_COST, type PodProjection } from './pod-projection.ts';

/** The least int32: nothing can be cheaper to end. */
const CHEAPEST = '-2147483648';

/** The facts of pods that run and are not about to end, oldest first. `reached`: names of ready endpoints. */
export function podFacts(pods: readonly PodProjection[], reached: ReadonlySet<string>): PodFacts[] {
  return pods
    .filter(({ active }) => active)
    .map(({ name, uid, createdAtMs, ready, serving, node, cost, costBefore }) => ({
      name,
      uid,
      createdAtMs,
      ready,
      serving,
      reached: reached.has(name),
      ...(node ? { node } : {}),
      cost: Number(costBefore ?? (cost === CHEAPEST ? 0 : cost)) || 0,
    }))
    .toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.name < b.name ? -1 : 1));
}

type PodState = Pick<PodProjection, 'cost' | 'costBefore' | 'serving'> | undefined;

/** Takes a pod out of its Services and makes it the first that its ReplicaSet ends, in one write. */
export function drainPatch(uid: string, pod: PodState): Record<string, unknown> {
  const before = pod?.costBefore ?? (pod?.cost === CHEAPEST ? undefined : pod?.cost);
  return {
    metadata: {
      uid,
      labels: { [Labels.serving]: 'false' },
      annotations: { [DELETION_COST]: CHEAPEST, ...(before ? { [Annotations.costBefore]: before } : {}) },
    },
  };
}

/** Lets a pod in again; its cost is what it was before. */
export function returnPatch(uid: string, pod: PodState): Record<string, unknown> {
  const isOurs = pod?.cost === CHEAPEST;
  const cost = { [DELETION_COST]: pod?.costBefore ?? null, [Annotations.costBefore]: null };
  return {
    metadata: { uid, labels: { [Labels.serving]: 'true' }, ...(isOurs ? { annotations: cost } : {}) },
  };
}
