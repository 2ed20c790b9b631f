// SPDX-License-Identifier: Apache-2.0
import type { StepAnalysis } from '../../api/analysis-source.ts';
import type { BackgroundAnalysis, CanarySpec } from '../../api/canary.ts';
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
    firstSteps: firstStepsOf(spec),
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

/**
 * Without traffic a weight means nothing, and a pause for a time shows nothing: what is left is to judge and to ask a
 * person. Where no step judges, the analysis of the background does, once over.
 */
function firstStepsOf({ steps = [], analysis }: CanarySpec): RolloutStep[] {
  const kept = steps.filter((step) => step.analysis ?? (step.pause && step.pause.duration === undefined));
  const isJudged = kept.some((step) => step.analysis !== undefined);
  return [{ whole: true }, ...(analysis && !isJudged ? [{ analysis: onceOf(analysis) }] : []), ...kept];
}

function onceOf({ startingStep: _startingStep, ...source }: BackgroundAnalysis): StepAnalysis {
  return source;
}
