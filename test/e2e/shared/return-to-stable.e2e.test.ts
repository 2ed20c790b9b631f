// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { isAt, isPromoted, release, until } from '../support/acts.ts';
import { tellStory } from '../support/stories.ts';

tellStory({
  title: 'return to stable',
  modes: ['gateway', 'ratio'],
  spec: () => ({ steps: [{ setWeight: 25 }, { pause: {} }] }),
  body: async (story) => {
    await release(story, '1.1.0');
    await until(story, 'the weight of 1.1.0', isAt(1, 25));
    await release(story, '1.0.0');
    const status = await until(story, 'the return to 1.0.0', isPromoted('1.0.0'));
    expect(status.history?.map(({ version, outcome }) => `${version} ${outcome}`)).toEqual([
      '1.1.0 Returned',
    ]);
    expect(status.failure).toBeUndefined();
  },
});
