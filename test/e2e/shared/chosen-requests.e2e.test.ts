// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { ask, isAt, isPromoted, release, until } from '../support/acts.ts';
import { tellStory } from '../support/stories.ts';
import type { Story } from '../support/story.ts';
import { versionsFor } from '../support/traffic.ts';

const chosen = { 'x-canary': 'always' };
const others = { 'x-canary': 'never' };

// A header decides for some, the weight for all others, and in the end nothing is left of it.
tellStory({
  title: 'chosen requests',
  modes: ['route', 'gateway'],
  spec: () => ({
    steps: [{ setWeight: 20 }, { pause: {} }],
    match: [{ headers: { 'x-canary': { exact: 'always' } } }],
  }),
  body: async (story) => {
    expect(await versionsFor(story.entrance, chosen, 10)).toEqual({ '1.0.0': 10 });
    await release(story, '1.1.0');
    await until(story, 'the weight of 1.1.0', isAt(1, 20));
    expect(await versionsFor(story.entrance, chosen, 40)).toEqual({ '1.1.0': 40 });
    await expectWeight(story);
    await ask(story, 'promote');
    await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
    expect(await versionsFor(story.entrance, chosen, 10)).toEqual({ '1.1.0': 10 });
  },
});

/** Of 100 requests at 20 % between 5 and 40: the load takes its own turns meanwhile. */
async function expectWeight({ entrance }: Story): Promise<void> {
  const { '1.0.0': stable = 0, '1.1.0': canary = 0 } = await versionsFor(entrance, others, 100);
  expect(stable + canary).toBe(100);
  expect(canary).toBeGreaterThanOrEqual(5);
  expect(canary).toBeLessThanOrEqual(40);
}
