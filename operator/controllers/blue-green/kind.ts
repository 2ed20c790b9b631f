// SPDX-License-Identifier: Apache-2.0
import { BlueGreenSpec } from '../../api/blue-green.ts';
import { BlueGreenStatus } from '../../api/blue-green-status.ts';
import { rolloutOfBlueGreen } from '../../engine/blue-green/rollout-of.ts';
import { blueGreenStatusOf } from '../../engine/blue-green/slots.ts';
import { createReader } from '../rollout/read.ts';
import type { ServedKind } from '../rollout/served-kind.ts';

/** BlueGreens, for the controller of releases. */
export const blueGreenKind: ServedKind = Object.freeze({
  kind: 'BlueGreen',
  name: 'blue-green',
  resource: 'blueGreens',
  read: createReader<BlueGreenSpec, BlueGreenStatus>({
    spec: BlueGreenSpec,
    status: BlueGreenStatus,
    least: {},
    rolloutOf: rolloutOfBlueGreen,
    statusOf: blueGreenStatusOf,
  }),
});
