// SPDX-License-Identifier: Apache-2.0
import type { RolloutStep } from './rollout.ts';
import { canonicalJson, shortHash } from '../names.ts';

/** One plan asks for the same list many times. */
const hashes = new WeakMap<readonly RolloutStep[], string>();

/** Names a list of steps, so that an index is never read against another list. The list must not change afterwards. */
export function stepsHash(steps: readonly RolloutStep[]): string {
  const known = hashes.get(steps);
  if (known !== undefined) return known;
  const hash = shortHash(canonicalJson(steps));
  hashes.set(steps, hash);
  return hash;
}

/** The weight that holds at a step: the last one set at or before it; 0 before the first. */
export function weightAt(steps: readonly RolloutStep[], index: number): number {
  return steps.slice(0, index + 1).findLast((step) => step.setWeight !== undefined)?.setWeight ?? 0;
}

/** The new pods that a step asks for, of `total` in all, where they differ from what the weight implies. */
export function replicasAt(steps: readonly RolloutStep[], index: number, total: number): number | undefined {
  const until = steps.slice(0, index + 1);
  const named = until.findLastIndex(({ replicas, whole }) => replicas !== undefined || whole);
  const weighed = until.findLastIndex(({ setWeight }) => setWeight !== undefined);
  const step = named >= weighed ? until[named] : undefined;
  return step?.whole ? total : step?.replicas;
}
