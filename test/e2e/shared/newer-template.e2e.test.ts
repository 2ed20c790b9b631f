// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { isAt, isPromoted, release, until } from '../support/acts.ts';
import { tellStory } from '../support/stories.ts';

tellStory({
  title: 'newer template',
  modes: ['route', 'ratio'],
  spec: () => ({
    steps: [
      { setWeight: 25 },
      { pause: { duration: '3s' } },
      { setWeight: 50 },
      { pause: { duration: '3s' } },
    ],
  }),
  body: async (story) => {
    await release(story, '1.1.0');
    await until(story, 'the second weight of 1.1.0', isAt(3, 50));
    await release(story, '1.2.0');
    const restarted = await until(story, 'the release of 1.2.0', ({ canary }) => canary?.version === '1.2.0');
    expect(restarted.stable?.version).toBe('1.0.0');
    expect(restarted.step?.index).toBe(0);
    const status = await until(story, '1.2.0 to be promoted', isPromoted('1.2.0'), 90_000);
    expect(status.history?.map(({ version, outcome }) => `${version} ${outcome}`)).toEqual([
      '1.2.0 Promoted',
      '1.1.0 Superseded',
    ]);
  },
  epilogue: (_story, { audit }) => {
    // Back to nothing before the newer one starts, and from its first step.
    const weights = audit.weights.map(({ weight }) => weight);
    expect(weights.indexOf(0)).toBeLessThan(weights.lastIndexOf(25));
  },
});
