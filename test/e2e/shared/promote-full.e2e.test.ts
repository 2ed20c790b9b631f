// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { ask, isAt, isPromoted, release, until } from '../support/acts.ts';
import { tellStory } from '../support/stories.ts';

tellStory({
  title: 'promote full',
  modes: ['route', 'ratio'],
  spec: () => ({ steps: [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: {} }] }),
  body: async (story) => {
    story.mayJump = true;
    await release(story, '1.1.0');
    const paused = await until(story, 'the first pause', isAt(1, 25));
    expect(paused.phase).toBe('Paused');
    await ask(story, 'promote-full');
    const status = await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
    expect(status.history?.[0]).toMatchObject({ version: '1.1.0', outcome: 'Promoted' });
  },
  epilogue: (story, { audit }) => {
    // The ratio of pods passes through whatever the pods that become ready make of it.
    if (story.mode !== 'ratio') expect(audit.weights.map(({ weight }) => weight)).toEqual([25, 100, 0]);
  },
});
