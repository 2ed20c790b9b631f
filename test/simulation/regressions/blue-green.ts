// SPDX-License-Identifier: Apache-2.0
import type { Regression } from './regression.ts';

/** Stories of a BlueGreen. */
export const BLUE_GREEN: readonly Regression[] = [
  {
    what: 'the preview Service was pointed at the new pods before one of them was ready, and whoever asked it found nobody',
    broke: 'preview',
    story: {
      seed: '10000004',
      setup: {
        blueGreen: { promotes: 'at once', isServedBesideCanaries: false },
        router: 'service',
        replicas: 3,
        steps: [],
        settleMs: 5000,
        scaleDownDelayMs: 10_000,
        analysis: 'none',
        onNoData: 'Rollback',
        bakeMs: 8000,
        rollbackWindow: 1,
        hearsMs: 900,
        throttleMs: 0,
        graceMs: 1500,
        operators: 1,
      },
      acts: [{ atMs: 67_434, kind: 'release', arg: '3-good' }],
    },
  },
];
