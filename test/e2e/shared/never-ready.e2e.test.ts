// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { isPromoted, isRolledBack, release, until } from '../support/acts.ts';
import { tellStory } from '../support/stories.ts';

tellStory({
  title: 'pods that never get ready',
  modes: ['gateway', 'ratio'],
  spec: () => ({
    steps: [{ setWeight: 25 }, { pause: { duration: '5s' } }],
    progressDeadline: '12s',
  }),
  body: async (story) => {
    await release(story, '1.1.0', { neverReady: true });
    const status = await until(story, 'the rollback', isRolledBack);
    expect(status.failure).toMatchObject({ reason: 'DeadlineExceeded', weight: 0 });
    expect(status.stable?.version).toBe('1.0.0');
    expect(status.conditions).toContainEqual(
      expect.objectContaining({ type: 'Stalled', status: 'True', reason: 'DeadlineExceeded' }),
    );
    // The way out is the old template, and nothing needs to move for it.
    await release(story, '1.0.0');
    const mended = await until(story, 'rest after the template is mended', isPromoted('1.0.0'));
    expect(mended.canary).toBeUndefined();
  },
  epilogue: (_story, { summary, audit }) => {
    expect(Object.keys(summary.byVersion)).toEqual(['1.0.0']);
    expect(audit.weights).toEqual([]);
  },
});
