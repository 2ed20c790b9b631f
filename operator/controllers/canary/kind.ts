// SPDX-License-Identifier: Apache-2.0
import { CanarySpec } from '../../api/canary.ts';
import { CanaryStatus } from '../../api/rollout-status.ts';
import { rolloutOfCanary } from '../../engine/canary/rollout-of.ts';
import { createReader } from '../rollout/read.ts';
import type { ServedKind } from '../rollout/served-kind.ts';

/** Canaries, for the controller of releases. */
export const canaryKind: ServedKind = Object.freeze({
  kind: 'Canary',
  name: 'canary',
  resource: 'canaries',
  read: createReader<CanarySpec, CanaryStatus>({
    spec: CanarySpec,
    status: CanaryStatus,
    least: { weights: [100], interval: '1s' },
    rolloutOf: rolloutOfCanary,
    statusOf: (planned) => planned,
  }),
});
