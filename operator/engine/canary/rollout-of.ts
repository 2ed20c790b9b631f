// SPDX-License-Identifier: Apache-2.0
import type { CanarySpec } from '../../api/canary.ts';
import type { Canary } from '../../api/kinds.ts';
import { canaryServiceName } from '../rollout/names.ts';
import type { Rollout, RolloutSpec, RolloutStep } from '../rollout/rollout.ts';

/** A Canary as the plans see it: the shorthand of weights and interval spelled out. */
export function rolloutOfCanary({ metadata, spec, status }: Canary): Rollout {
  return { kind: 'Canary', metadata, spec: specOfCanary(spec), ...(status ? { status } : {}) };
}

/** Its spec alone. */
export function specOfCanary(spec: CanarySpec): RolloutSpec {
  const { weights: _weights, interval: _interval, ...shared } = spec;
  return {
    ...shared,
    steps: expandSteps(spec),
    bakeAnalysis: spec.analysis,
    canaryService: canaryServiceName(spec.service.name),
    previewed: false,
    side: 'canary',
    oldSide: 'stable',
    sideInBake: 'canary',
  };
}

/** The steps of a Canary; the shorthand of weights and interval spelled out. */
export function expandSteps(spec: Pick<CanarySpec, 'steps' | 'weights' | 'interval'>): RolloutStep[] {
  if (spec.steps) return spec.steps;
  return (spec.weights ?? []).flatMap((weight) => [
    { setWeight: weight },
    { pause: spec.interval === undefined ? {} : { duration: spec.interval } },
  ]);
}
