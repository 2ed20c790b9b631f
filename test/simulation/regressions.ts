// SPDX-License-Identifier: Apache-2.0
import type { Story } from './story/story.ts';

/** A story that once broke a rule, and why; docs/simulation.md tells what was mended. */
export interface Regression {
  readonly story: Story;
  /** The rule that it broke. */
  readonly broke: string;
  readonly what: string;
}

/** Stories are kept whole: what is drawn from a seed changes with the model, a story does not. */
export const REGRESSIONS: readonly Regression[] = [
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
    what: 'the Deployment of a canary was deleted after the Service had been pointed at it',
    broke: 'end',
    story: {
      seed: '300506',
      setup: {
        router: 'gateway',
        replicas: 5,
        steps: [
          { replicas: 1 },
          { setWeight: 25 },
          { pause: { duration: '1s' } },
          { setWeight: 100 },
          { pause: { duration: '10s' } },
        ],
        settleMs: 5000,
        scaleDownDelayMs: 2000,
        analysis: 'background',
        onNoData: 'Hold',
        isMatched: true,
        onFailure: 'Pause',
        hearsMs: 149.7670809039846,
        throttleMs: 350.2329190960154,
        graceMs: 0,
        operators: 1,
      },
      acts: [
        { atMs: 93_233, kind: 'release', arg: '2-good' },
        { atMs: 130_083, kind: 'rival-deletes', arg: 'canary' },
      ],
    },
  },
  {
    what: 'a new process got its first Canary from long ago, and the newest while it asked whether that was the newest',
    broke: 'I5',
    story: {
      seed: '1693',
      setup: {
        router: 'own-route',
        replicas: 4,
        steps: [
          { setWeight: 10 },
          { pause: { duration: '4s' } },
          { setWeight: 30 },
          { pause: { duration: '10s' } },
          { setWeight: 60 },
          { pause: { duration: '10s' } },
        ],
        settleMs: 3000,
        scaleDownDelayMs: 10_000,
        analysis: 'background',
        onNoData: 'Hold',
        rollbackWindow: 1,
        hearsMs: 166.72796832863241,
        throttleMs: 133.27203167136759,
        graceMs: 1500,
        operators: 1,
      },
      acts: [
        { atMs: 8127, kind: 'lose-answer', arg: 3 },
        { atMs: 18_145, kind: 'stale-lists', arg: 30_000 },
        { atMs: 36_445, kind: 'release', arg: '5-failing' },
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
  {
    what: 'a leader died before it could say what it wrote to the route, and its successor had not heard of that',
    broke: 'flip',
    story: {
      seed: '201102',
      setup: {
        router: 'gateway',
        replicas: 2,
        steps: [{ setWeight: 5 }, { setWeight: 40, replicas: 2 }, { pause: { duration: '1s' } }],
        settleMs: 5000,
        scaleDownDelayMs: 10_000,
        analysis: 'background',
        onNoData: 'Hold',
        isMatched: true,
        hearsMs: 2273.3428940409794,
        throttleMs: 226.65710595902056,
        graceMs: 0,
        operators: 2,
      },
      acts: [
        { atMs: 31_562, kind: 'stale-lists', arg: 30_000 },
        { atMs: 32_903, kind: 'ask', arg: 'skip-step' },
        { atMs: 40_521, kind: 'ask', arg: 'retry' },
        { atMs: 40_586, kind: 'crash', arg: 3 },
        { atMs: 63_920, kind: 'release', arg: '3-good' },
        { atMs: 75_405, kind: 'api-server-away', arg: 3000 },
        { atMs: 82_851, kind: 'expire-watches', arg: '' },
        { atMs: 92_357, kind: 'release', arg: '2-good' },
      ],
    },
  },
];
