// SPDX-License-Identifier: Apache-2.0
import type { Regression } from './regression.ts';

/** Stories of releases and their replicas. */
export const MOTION: readonly Regression[] = [
  {
    what: 'a Gateway heard of the first weight before it heard of the pods',
    broke: 'lost',
    story: {
      seed: '15',
      setup: {
        router: 'own-route',
        replicas: 2,
        steps: [{ setWeight: 50 }, { pause: {} }],
        settleMs: 3000,
        scaleDownDelayMs: 10_000,
        analysis: 'background',
        onNoData: 'Pause',
        bakeMs: 30_000,
        hearsMs: 259.54067499842495,
        throttleMs: 40.45932500157505,
        graceMs: 0,
        operators: 1,
      },
      acts: [{ atMs: 73_744, kind: 'release', arg: '6-dead' }],
    },
  },
  {
    what: 'a template that was replaced during the adoption lost its pods while the Service of old still found them',
    broke: 'lost',
    story: {
      seed: '300252',
      setup: {
        router: 'ingress',
        replicas: 3,
        steps: [
          { replicas: 1 },
          { setWeight: 25 },
          { pause: { duration: '1s' } },
          { setWeight: 100 },
          { pause: { duration: '4s' } },
        ],
        settleMs: 2000,
        scaleDownDelayMs: 2000,
        analysis: 'step',
        onNoData: 'Hold',
        bakeMs: 30_000,
        hearsMs: 1631.7225675098598,
        throttleMs: 168.2774324901402,
        graceMs: 0,
        operators: 2,
      },
      acts: [
        { atMs: 2159, kind: 'release', arg: '2-good' },
        { atMs: 3220, kind: 'release', arg: '3-slow' },
        { atMs: 8095, kind: 'release', arg: '3-good' },
      ],
    },
  },
  {
    what: 'fewer pods were asked for in a pause, and the rule took the pods that stay for those that end',
    broke: 'I3',
    story: {
      seed: '1624',
      setup: {
        router: 'gateway',
        replicas: 4,
        steps: [{ setWeight: 50 }, { pause: {} }],
        settleMs: 5000,
        scaleDownDelayMs: 10_000,
        analysis: 'background',
        onNoData: 'Hold',
        rollbackWindow: 3,
        hearsMs: 99.00749649386853,
        throttleMs: 400.99250350613147,
        graceMs: 0,
        operators: 1,
      },
      acts: [
        { atMs: 28_002, kind: 'release', arg: '2-good' },
        { atMs: 47_927, kind: 'replicas', arg: 2 },
      ],
    },
  },
  {
    what: 'fewer pods were asked for in a pause of a canary that nobody can use, and the rule took those that stay for those that end',
    broke: 'I3',
    story: {
      seed: '1133',
      setup: {
        router: 'own-route',
        replicas: 5,
        steps: [
          { setWeight: 10 },
          { pause: { duration: '1s' } },
          { setWeight: 30 },
          { pause: { duration: '4s' } },
          { setWeight: 60 },
          { pause: { duration: '10s' } },
        ],
        settleMs: 3000,
        scaleDownDelayMs: 2000,
        analysis: 'step',
        onNoData: 'Pause',
        rollbackWindow: 2,
        hearsMs: 2535.800495836884,
        throttleMs: 164.19950416311622,
        graceMs: 1500,
        operators: 2,
      },
      acts: [
        { atMs: 11_052, kind: 'release', arg: '6-dead' },
        { atMs: 25_236, kind: 'replicas', arg: 2 },
      ],
    },
  },
];
