// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { isRolledBack, readStatus, release, until } from '../support/acts.ts';
import { successRate } from '../support/objects.ts';
import { noteRollback } from '../support/rollback.ts';
import { tellStory } from '../support/stories.ts';

// Nothing but errors: the hard guard does not wait for the tolerance of the check. Told by Traefik's own counters.
tellStory({
  title: 'dead release',
  modes: ['route', 'gateway'],
  spec: () => ({
    steps: [{ setWeight: 25 }, { pause: { duration: '60s' } }],
    analysis: { checks: [{ ...successRate, source: 'traefik', failureLimit: 100 }] },
  }),
  body: async (story) => {
    await release(story, '1.1.0', { errorRate: 1 });
    const status = await until(story, 'the rollback', isRolledBack);
    expect(status.failure?.reason).toBe('CanaryDown');
  },
  epilogue: async (story, { audit }) => {
    const { failure, analysis } = await readStatus(story.namespace);
    noteRollback(story, { failure, analysis, audit });
  },
});
