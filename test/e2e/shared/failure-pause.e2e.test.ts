// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { ask, isPromoted, isRolledBack, release, stays, until } from '../support/acts.ts';
import { successRate } from '../support/objects.ts';
import { tellStory } from '../support/stories.ts';
import { pausedFor } from '../support/verdict.ts';

// A third of the answers are errors. The person on call looks first, tries once more, and then takes it back.
tellStory({
  title: 'failure pause',
  modes: ['route', 'ratio'],
  spec: () => ({
    onFailure: 'Pause',
    steps: [{ setWeight: 25 }, { pause: { duration: '60s' } }],
    analysis: { checks: [successRate] },
  }),
  body: async (story) => {
    await release(story, '1.1.0', { errorRate: 0.34 });
    const paused = await until(story, 'the pause for the failure', ({ pause }) => pause?.by === 'Failure');
    expect(paused.phase).toBe('Paused');
    expect(paused.allowedActions).toEqual(['promote', 'promote-full', 'skip-step', 'retry', 'abort']);
    expect(paused.message).toMatch(pausedFor('25% on 1.1.0'));
    await stays(
      story,
      'paused at 25%',
      ({ phase, weight }) => phase === 'Paused' && weight?.desired === 25,
      5_000,
    );
    await ask(story, 'retry');
    await until(
      story,
      'the same failure again',
      ({ pause, lastAction }) =>
        lastAction?.verb === 'retry' && pause?.by === 'Failure' && pause.since > lastAction.at,
    );
    await ask(story, 'abort');
    const status = await until(story, 'the rollback', isRolledBack);
    expect(status.failure).toMatchObject({ reason: 'Aborted', weight: 25 });
    await release(story, '1.2.0');
    await until(
      story,
      '1.2.0 at its pause',
      ({ canary, step }) => canary?.version === '1.2.0' && step?.index === 1,
    );
    await ask(story, 'promote');
    await until(story, '1.2.0 to be promoted', isPromoted('1.2.0'));
  },
});
