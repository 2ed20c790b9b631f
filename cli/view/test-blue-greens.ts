// SPDX-License-Identifier: Apache-2.0
// Test support: BlueGreens as the API server sends them.
import type { BlueGreenStatus } from '../../operator/api/blue-green-status.ts';
import { BlueGreenSpec } from '../../operator/api/blue-green.ts';
import { API_VERSION } from '../../operator/api/group.ts';
import { specOfBlueGreen } from '../../operator/engine/blue-green/rollout-of.ts';
import { stepsHash } from '../../operator/engine/rollout/steps.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { check, conditions, METADATA, next, sample, stable, T } from './test-rollouts.ts';

const BLUE_GREEN_SPEC = {
  targetRef: { kind: 'Deployment', name: 'checkout' },
  service: { name: 'checkout' },
  prePromotion: { checks: [{ name: 'front-page', http: { port: 80, target: 'preview' } }] },
  autoPromote: false,
  bake: { duration: '10m' },
};

const BLUE_GREEN_HASH = stepsHash(specOfBlueGreen(BlueGreenSpec.parse(BLUE_GREEN_SPEC)).steps);

export function blueGreen(status: Partial<BlueGreenStatus>, metadata: object = {}): KubeObject {
  return {
    apiVersion: API_VERSION,
    kind: 'BlueGreen',
    metadata: { ...METADATA, ...metadata },
    spec: BLUE_GREEN_SPEC,
    status: { observedGeneration: 1, ...status },
  };
}

const PREVIEW_MESSAGE = 'step 3/3, preview of 1.5.0; waits until somebody promotes';

/** A BlueGreen whose preview was judged and waits for a person. */
export const PREVIEW = blueGreen({
  phase: 'Paused',
  stage: 'Stepping',
  message: PREVIEW_MESSAGE,
  next: 'promotion',
  active: { slot: 'blue', ...stable },
  preview: { slot: 'green', ...next },
  step: { index: 2, count: 3, position: '3/3', hash: BLUE_GREEN_HASH, startedAt: T('14:05:10') },
  weight: { desired: 0, observed: 0 },
  pause: { by: 'Step', since: T('14:05:10') },
  analysis: {
    step: {
      startedAt: T('14:04:10'),
      step: 1,
      revision: 'bbb',
      checks: [
        check({
          name: 'front-page',
          verdict: 'Passed',
          limit: 'answers 200 to 399',
          reason: 'front-page: GET :80/ of 4 pods answered 200',
          good: 3,
          needed: 3,
          samples: ['14:04:20', '14:04:40', '14:05:00'].map((at) =>
            sample(at, 1, { detail: 'GET :80/ of 4 pods answered 200' }),
          ),
        }),
      ],
    },
  },
  allowedActions: ['promote', 'promote-full', 'skip-step', 'pause', 'abort'],
  conditions: conditions(
    PREVIEW_MESSAGE,
    ['Ready', 'False', 'WaitingForApproval'],
    ['Reconciling', 'True', 'WaitingForApproval'],
    ['Paused', 'True', 'WaitingForApproval'],
  ),
});

const BAKING_MESSAGE = 'all traffic on 1.5.0; 1.4.2 is kept warm until 14:15:40';

/** A BlueGreen in its bake. */
export const BAKING = blueGreen({
  phase: 'Progressing',
  stage: 'Baking',
  message: BAKING_MESSAGE,
  next: 'end of the bake; then 1.4.2 goes',
  active: { slot: 'green', revision: 'bbb', version: '1.5.0', since: T('14:05:40') },
  weight: { desired: 0, observed: 0 },
  bake: { revision: 'aaa', version: '1.4.2', startedAt: T('14:05:40') },
  previous: [{ revision: 'aaa', version: '1.4.2' }],
  allowedActions: ['promote', 'abort', 'rollback'],
  conditions: conditions(
    BAKING_MESSAGE,
    ['Ready', 'False', 'Baking'],
    ['Reconciling', 'True', 'Baking'],
    ['Promoted', 'True', 'Baking'],
  ),
});
