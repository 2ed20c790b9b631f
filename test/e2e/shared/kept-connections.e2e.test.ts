// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { ask, isAt, isPromoted, isRolledBack, release, until } from '../support/acts.ts';
import { tellStory } from '../support/stories.ts';

// A kept connection through a plain Service stays with its pod. An app that asks its clients to go loses none of them.
tellStory({
  title: 'kept connections',
  modes: ['ratio'],
  exit: 'graceful',
  spec: () => ({
    steps: [{ setWeight: 50 }, { pause: { duration: '5s' } }],
  }),
  body: async (story) => {
    await release(story, '1.1.0');
    await until(story, 'the weight', isAt(1, 50));
    await ask(story, 'abort');
    await until(story, 'the rollback', isRolledBack);
    await release(story, '1.2.0');
    await until(story, '1.2.0 to be promoted', isPromoted('1.2.0'));
  },
  epilogue: (_story, { summary }) => {
    expect(summary.byConnections.keepalive?.sent).toBeGreaterThan(0);
    expect(summary.byConnections.fresh?.sent).toBeGreaterThan(0);
  },
});
