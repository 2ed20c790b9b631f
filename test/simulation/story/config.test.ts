// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { CALM_SETUP } from './calm-setup.ts';
import { play } from './play.ts';
import type { Act, Story } from './story.ts';

function storyWith(...acts: Act[]): Story {
  return { seed: 'config', setup: { ...CALM_SETUP, router: 'gateway', config: 'Versioned' }, acts };
}

/** Faults end with the last act. */
const later: Act = { atMs: 100_000, kind: 'settings', arg: 'green' };
const release: Act = { atMs: 30_000, kind: 'release', arg: '2-good' };

const STORIES: readonly (readonly [string, Story, readonly RegExp[]])[] = [
  [
    'a Secret that may not be read holds a release until it may be',
    storyWith({ atMs: 29_000, kind: 'secret-forbidden', arg: 60_000 }, release, later),
    [/may not get secrets/, /HTTPRoute shop: weights .*checkout-canary 50/, /says Healthy/],
  ],
  [
    'a ConfigMap that is away holds a release until it is back',
    storyWith({ atMs: 29_000, kind: 'config-goes', arg: 'settings' }, release, later),
    [
      /rival +ConfigMap web-settings: gone/,
      /says Holding/,
      /user +ConfigMap web-settings: made/,
      /says Healthy/,
    ],
  ],
  [
    'a copy that somebody deletes is made again',
    storyWith({ atMs: 60_000, kind: 'config-goes', arg: 'secret of stable' }),
    [/rival +Secret web-keys-\S+: gone/, /headway-1 +Secret web-keys-\S+: made/],
  ],
];

describe('config in a story', () => {
  it.each(STORIES)('%s', async (_what, story, told) => {
    const { violation, world } = await play(story, { isTold: true });
    expect(violation).toBeUndefined();
    expect(world.status?.phase).toBe('Healthy');
    const lines = world.journal?.lines ?? [];
    let at = 0;
    for (const wanted of told) {
      const found = lines.slice(at).findIndex((line) => wanted.test(line));
      expect({ wanted, found: found >= 0 ? 'in order' : lines.slice(at) }).toEqual({
        wanted,
        found: 'in order',
      });
      at += found + 1;
    }
  });
});
