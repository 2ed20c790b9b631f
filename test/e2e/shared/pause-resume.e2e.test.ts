// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { ask, isAt, isPromoted, release, stays, until } from '../support/acts.ts';
import { tellStory } from '../support/stories.ts';

tellStory({
  title: 'pause and resume',
  modes: ['gateway', 'ratio'],
  spec: () => ({
    steps: [{ setWeight: 25 }, { pause: { duration: '4s' } }, { setWeight: 50 }, { pause: {} }],
  }),
  body: async (story) => {
    await release(story, '1.1.0');
    await until(story, 'the first weight', isAt(1, 25));
    await ask(story, 'pause');
    const paused = await until(story, 'the pause', ({ phase }) => phase === 'Paused');
    expect(paused.pause?.by).toBe('User');
    expect(paused.allowedActions).toContain('resume');
    await stays(story, 'the weight while paused', ({ weight }) => weight?.observed === 25, 8_000);
    await ask(story, 'resume');
    const waiting = await until(story, 'the pause of the last step', isAt(3, 50));
    expect(waiting.conditions).toContainEqual(expect.objectContaining({ type: 'Paused', status: 'True' }));
    await ask(story, 'promote');
    await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
  },
});
