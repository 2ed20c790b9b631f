// SPDX-License-Identifier: Apache-2.0
import type { CanarySpec, CanaryStep } from '../../api/canary.ts';
import { canonicalJson, shortHash } from '../names.ts';

/** The steps of a Canary; the shorthand of weights and interval spelled out. */
export function expandSteps(spec: CanarySpec): CanaryStep[] {
  if (spec.steps) return spec.steps;
  return (spec.weights ?? []).flatMap((weight) => [
    { setWeight: weight },
    { pause: spec.interval === undefined ? {} : { duration: spec.interval } },
  ]);
}

/** One plan asks for the same list many times. */
const hashes = new WeakMap<readonly CanaryStep[], string>();

/** Names a list of steps, so that an index is never read against another list. The list must not change afterwards. */
export function stepsHash(steps: readonly CanaryStep[]): string {
  const known = hashes.get(steps);
  if (known !== undefined) return known;
  const hash = shortHash(canonicalJson(steps));
  hashes.set(steps, hash);
  return hash;
}

/** The weight that holds at a step: the last one set at or before it; 0 before the first. */
export function weightAt(steps: readonly CanaryStep[], index: number): number {
  return steps.slice(0, index + 1).findLast((step) => step.setWeight !== undefined)?.setWeight ?? 0;
}

/** The canary pods that a step asks for, where it differs from what the weight implies. */
export function replicasAt(steps: readonly CanaryStep[], index: number): number | undefined {
  const until = steps.slice(0, index + 1);
  const named = until.findLastIndex((step) => step.replicas !== undefined);
  const weighed = until.findLastIndex((step) => step.setWeight !== undefined);
  return named >= weighed ? until[named]?.replicas : undefined;
}
