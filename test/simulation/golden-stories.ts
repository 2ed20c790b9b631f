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
  'deleted-mid-canary': story('golden 6', [
    release(20_000, '2-good'),
    { atMs: 40_000, kind: 'delete', arg: '' },
  ]),
};
