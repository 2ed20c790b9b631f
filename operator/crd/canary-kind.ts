// SPDX-License-Identifier: Apache-2.0
import { CanarySpec } from '../api/canary.ts';
import { CanaryStatus, UNSEEN } from '../api/rollout-status.ts';
import { AGE, type KindDefinition } from './kind-definition.ts';
import { ROLLOUT_DETAILS, ROLLOUT_READY, ROLLOUT_SCALE } from './rollout-kind.ts';
import { ROLLOUT_RULES } from './rollout-rules.ts';

export const canary: KindDefinition = {
  kind: 'Canary',
  plural: 'canaries',
  singular: 'canary',
  shortName: 'hcan',
  categories: ['all', 'headway'],
  scope: 'Namespaced',
  description:
    'A Canary releases the Deployment it names step by step: each new pod template first gets a share of the traffic, is judged, and is then promoted or rolled back.',
  spec: CanarySpec,
  specDescription: 'What is released, where its clients are, by which steps, and how it is judged.',
  status: {
    schema: CanaryStatus,
    description: 'What the operator last saw and decided. Only the operator writes it.',
    initial: UNSEEN,
  },
  scale: ROLLOUT_SCALE,
  rules: ROLLOUT_RULES,
  columns: [
    { name: 'Phase', type: 'string', jsonPath: '.status.phase', description: 'What the release is doing.' },
    {
      name: 'Step',
      type: 'string',
      jsonPath: '.status.step.position',
      description: 'Current step and number of steps.',
    },
    {
      name: 'Weight',
      type: 'integer',
      jsonPath: '.status.weight.observed',
      description: 'Percent of the traffic that the canary has, read back from the route.',
    },
    {
      name: 'Version',
      type: 'string',
      // The first of the two that is there: at rest there is no canary.
      jsonPath: ".status['canary.version','stable.version']",
      description: 'Version on its way, or rolled back last; else the stable one.',
    },
    ROLLOUT_READY,
    AGE,
    ROLLOUT_DETAILS.message,
    {
      name: 'Stable',
      type: 'string',
      jsonPath: '.status.stable.version',
      description: 'Version that is known to be good.',
      priority: 1,
    },
    ROLLOUT_DETAILS.next,
  ],
};
