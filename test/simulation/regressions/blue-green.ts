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
  {
    what: 'a first revision that was just scaled down counted no pod for a moment, and a newer template was taken for the first',
    broke: 'flip',
    story: {
      seed: '10010021',
      setup: {
        blueGreen: { promotes: 5000, isServedBesideCanaries: true },
        router: 'own-route',
        replicas: 3,
        steps: [],
        settleMs: 2000,
        scaleDownDelayMs: 10_000,
        analysis: 'none',
        onNoData: 'Rollback',
        rollbackWindow: 3,
        hearsMs: 224.61701231077313,
        throttleMs: 775.3829876892269,
        graceMs: 0,
        operators: 1,
      },
      acts: [
        { atMs: 293, kind: 'stall-watch', arg: 'endpointslices' },
        { atMs: 15_031, kind: 'replicas', arg: 1 },
        { atMs: 21_600, kind: 'api-server-away', arg: 3000 },
        { atMs: 23_174, kind: 'release', arg: '6-dead' },
        { atMs: 26_324, kind: 'expire-watches', arg: '' },
      ],
    },
  },
  {
    what: 'the preview Service was pointed at pods that their Deployment had just been told to end, when a template was set back',
    broke: 'preview',
    story: {
      seed: '10000951',
      setup: {
        blueGreen: { promotes: 20_000, isServedBesideCanaries: true },
        router: 'service',
        replicas: 3,
        steps: [],
        settleMs: 5000,
        scaleDownDelayMs: 10_000,
        analysis: 'none',
        onNoData: 'Pause',
        rollbackWindow: 3,
        hearsMs: 900,
        throttleMs: 0,
        graceMs: 0,
        operators: 1,
      },
      acts: [
        { atMs: 1144, kind: 'release', arg: '3-slow' },
        { atMs: 15_850, kind: 'stop-event-loop', arg: 5000 },
        { atMs: 23_928, kind: 'release', arg: '1-good' },
      ],
    },
  },
];
