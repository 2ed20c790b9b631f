// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { isRolledBack, readStatus, release, until } from '../support/acts.ts';
import { allModes, successRate } from '../support/objects.ts';
import { noteRollback } from '../support/rollback.ts';
import { tellStory } from '../support/stories.ts';
import { rolledBackFor } from '../support/verdict.ts';

// A third of the answers are errors: too few for the hard guard, so the check has to find it.
tellStory({
  title: 'bad release',
  modes: allModes,
  spec: () => ({
    steps: [{ setWeight: 25 }, { pause: { duration: '60s' } }],
    analysis: { checks: [successRate] },
  }),
  body: async (story) => {
    await release(story, '1.1.0', { errorRate: 0.34 });
    const status = await until(story, 'the rollback', isRolledBack);
    expect(status.failure).toMatchObject({ reason: 'AnalysisFailed', weight: 25 });
    expect(status.stable?.version).toBe('1.0.0');
    // Whichever says it first: the limit, or the comparison with stable.
    expect(status.message).toMatch(rolledBackFor({ where: 'at 25%', to: '1.0.0' }));
    const [last] = status.history ?? [];
    expect(last).toMatchObject({ version: '1.1.0', outcome: 'RolledBack', reason: 'AnalysisFailed' });
    expect(last?.message).toBe(status.message);
    expect(status.allowedActions).toEqual(['retry']);
  },
  epilogue: async (story, { summary, audit }) => {
    expect(summary.appErrors['1.1.0']).toBeGreaterThan(0);
    const { failure, analysis } = await readStatus(story.namespace);
    // The samples stay, so that anybody can see why.
    expect(analysis?.background?.checks[0]?.samples.some(({ value = 100 }) => value < 95)).toBe(true);
    noteRollback(story, { failure, analysis, audit });
  },
});
