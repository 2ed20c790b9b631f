// SPDX-License-Identifier: Apache-2.0
import type { Act, Setup, Story } from './story/story.ts';

const SETUP: Setup = {
  router: 'ingress',
  replicas: 4,
  steps: [
    { setWeight: 25 },
    { pause: { duration: '10s' } },
    { setWeight: 50 },
    { pause: { duration: '10s' } },
  ],
  settleMs: 3000,
  scaleDownDelayMs: 5000,
  analysis: 'background',
  onNoData: 'Pause',
  hearsMs: 1000,
  throttleMs: 1500,
  graceMs: 0,
  operators: 1,
};

const BLUE_GREEN: Partial<Setup> = {
  router: 'service',
  replicas: 3,
  steps: [],
  blueGreen: { promotes: 'at once', isServedBesideCanaries: true },
  analysis: 'step',
  throttleMs: 200,
};

function story(seed: string, acts: readonly Act[], setup: Partial<Setup> = {}): Story {
  return { seed, setup: { ...SETUP, ...setup }, acts };
}

const release = (atMs: number, tag: string): Act => ({ atMs, kind: 'release', arg: tag });

/** A handful of stories whose logs are kept: what a reviewer reads when the engine has changed. */
export const GOLDEN_STORIES: Readonly<Record<string, Story>> = {
  'good-release-ingress': story('golden 1', [release(20_000, '2-good')]),
  'bad-release-ingress': story('golden 2', [release(20_000, '5-failing')]),
  'good-release-service': story('golden 3', [release(20_000, '2-good')], {
    router: 'service',
    analysis: 'none',
  }),
  'good-release-gateway': story('golden 7', [release(20_000, '2-good')], {
    router: 'gateway',
    isMatched: true,
    bakeMs: 8000,
  }),
  'back-in-the-window-own-route': story('golden 8', [release(20_000, '2-good'), release(110_000, '1-good')], {
    router: 'own-route',
    rollbackWindow: 1,
    analysis: 'none',
  }),
  'replaced-and-aborted': story('golden 4', [
    release(20_000, '2-good'),
    release(35_000, '3-slow'),
    { atMs: 60_000, kind: 'ask', arg: 'abort' },
  ]),
  'crash-in-promotion': story('golden 5', [
    release(20_000, '2-good'),
    { atMs: 52_000, kind: 'lose-answer', arg: 0 },
    { atMs: 56_000, kind: 'crash', arg: 2 },
    { atMs: 60_000, kind: 'crash', arg: 1 },
  ]),
  'blue-green-good-release': story('golden 9', [release(20_000, '2-good')], BLUE_GREEN),
  'blue-green-bad-in-preview': story('golden 10', [release(20_000, '5-failing')], BLUE_GREEN),
  'blue-green-returned-in-bake': story('golden 11', [release(20_000, '5-failing')], {
    ...BLUE_GREEN,
    analysis: 'background',
    bakeMs: 60_000,
  }),
  'blue-green-crash-in-switch': story(
    'golden 12',
    [
      release(20_000, '2-good'),
      // after the writes of the preview: the next ones are those of the switch
      { atMs: 30_000, kind: 'promote', arg: '' },
      { atMs: 30_000, kind: 'crash', arg: 3 },
    ],
    { ...BLUE_GREEN, analysis: 'none', blueGreen: { promotes: 'a person', isServedBesideCanaries: false } },
  ),
  'deleted-mid-canary': story('golden 6', [
    release(20_000, '2-good'),
    { atMs: 40_000, kind: 'delete', arg: '' },
  ]),
};
