// SPDX-License-Identifier: Apache-2.0
import type { BlueGreenSpec } from '../../api/blue-green.ts';
import type { BlueGreen } from '../../api/kinds.ts';
import { childName } from '../names.ts';
import { MAX_SERVICE_NAME } from '../rollout/names.ts';
import type { Rollout, RolloutSpec, RolloutStep } from '../rollout/rollout.ts';
import { rolloutStatusOf } from './slots.ts';

/**
 * A BlueGreen as the plans see it: a release that has all of its new pods at weight 0, where only the preview Service
 * finds them, until it is judged and promoted in one move.
 */
export function rolloutOfBlueGreen({ metadata, spec, status }: BlueGreen): Rollout {
  return {
    kind: 'BlueGreen',
    metadata,
    spec: specOfBlueGreen(spec),
    ...(status ? { status: rolloutStatusOf(status) } : {}),
  };
}

/** Its spec alone. */
export function specOfBlueGreen(spec: BlueGreenSpec): RolloutSpec {
  return {
    ...sharedOf(spec),
    steps: stepsOf(spec),
    firstSteps: [{ whole: true }, ...judgingSteps(spec)],
    bakeAnalysis: spec.postPromotion,
    canaryService: previewServiceName(spec),
    previewed: true,
    side: 'preview',
    oldSide: 'active',
    sideInBake: 'new version',
  };
}

function sharedOf(spec: BlueGreenSpec) {
  const {
    previewService: _previewService,
    previewReplicas: _previewReplicas,
    prePromotion: _prePromotion,
    autoPromote: _autoPromote,
    autoPromoteAfter: _autoPromoteAfter,
    postPromotion: _postPromotion,
    ...shared
  } = spec;
  return shared;
}

/** The preview stands, it is judged, and it waits for its time or for a person. */
function stepsOf(spec: BlueGreenSpec): RolloutStep[] {
  const { previewReplicas } = spec;
  return [
    previewReplicas === undefined ? { whole: true } : { replicas: previewReplicas },
    ...judgingSteps(spec),
  ];
}

function judgingSteps({ prePromotion, autoPromote, autoPromoteAfter }: BlueGreenSpec): RolloutStep[] {
  return [
    ...(prePromotion ? [{ analysis: prePromotion }] : []),
    ...(autoPromote ? [] : [{ pause: {} }]),
    ...(autoPromoteAfter === undefined ? [] : [{ pause: { duration: autoPromoteAfter } }]),
  ];
}

/** Name of the Service that finds the new pods before clients do. */
export function previewServiceName({
  service,
  previewService,
}: Pick<BlueGreenSpec, 'service' | 'previewService'>): string {
  return previewService?.name ?? childName(service.name, '-preview', MAX_SERVICE_NAME);
}
