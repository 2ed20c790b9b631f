// SPDX-License-Identifier: Apache-2.0
import { BlueGreenSpec } from '../api/blue-green.ts';
import { BlueGreenStatus } from '../api/blue-green-status.ts';
import { UNSEEN } from '../api/rollout-status.ts';
import { BLUE_GREEN_UPDATES } from './blue-green-rules.ts';
import { AGE, type KindDefinition } from './kind-definition.ts';
import { ROLLOUT_DETAILS, ROLLOUT_READY, ROLLOUT_SCALE } from './rollout-kind.ts';
import { ROLLOUT_RULES } from './rollout-rules.ts';

export const blueGreen: KindDefinition = {
  kind: 'BlueGreen',
  plural: 'bluegreens',
  singular: 'bluegreen',
  shortName: 'hbg',
  categories: ['all', 'headway'],
  scope: 'Namespaced',
  description:
    'A BlueGreen releases the Deployment it names in one move: each new pod template first stands beside the old one, where only its preview Service finds it, is judged, and then gets all traffic or none.',
  spec: BlueGreenSpec,
  specDescription:
    'What is released, where its clients are, and what has to be true before the traffic moves.',
  status: {
    schema: BlueGreenStatus,
    description: 'What the operator last saw and decided. Only the operator writes it.',
    initial: UNSEEN,
  },
  scale: ROLLOUT_SCALE,
  rules: [...ROLLOUT_RULES, ...BLUE_GREEN_UPDATES],
  columns: [
    { name: 'Phase', type: 'string', jsonPath: '.status.phase', description: 'What the release is doing.' },
    {
      name: 'Active',
      type: 'string',
      jsonPath: '.status.active.slot',
      description: 'Slot that clients reach: blue or green.',
    },
    {
      name: 'Version',
      type: 'string',
      jsonPath: '.status.active.version',
      description: 'Version that clients reach.',
    },
    {
      name: 'Preview',
      type: 'string',
      jsonPath: '.status.preview.version',
      description: 'Version on its way, or rolled back last.',
    },
    ROLLOUT_READY,
    AGE,
    ROLLOUT_DETAILS.message,
    ROLLOUT_DETAILS.next,
  ],
};
