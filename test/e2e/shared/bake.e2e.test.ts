// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { ask, bakeFor, isHealthy, isPromoted, isRolledBack, release, until } from '../support/acts.ts';
import { successRate } from '../support/objects.ts';
import { podsOf, turnBad } from '../support/pods.ts';
import { tellStory } from '../support/stories.ts';
import { rolledBackFor } from '../support/verdict.ts';
import type { Story } from '../support/story.ts';

// The first version bakes and is good. The second turns bad when it has all traffic, and goes by itself.
tellStory({
  title: 'bake',
  spec: () => ({
    bake: { duration: '8s' },
    steps: [{ setWeight: 25 }, { pause: {} }],
    analysis: { checks: [successRate] },
  }),
  body: async (story) => {
    story.mayJump = true;
    await toBake(story, '1.1.0');
    const baked = await until(story, '1.1.0 to be baked', isPromoted('1.1.0'));
    expect(baked.bake).toBeUndefined();

    await bakeFor(story, '5m'); // pods turn bad one by one, on a busy machine slowly
    const { bake, stable, replicas } = await toBake(story, '1.2.0');
    expect(bake?.version).toBe('1.1.0');
    // what stands by gets no requests, so it does not count
    expect(replicas).toBe(story.replicas);
    expect(await podsOf(story.namespace, bake?.revision ?? '')).toHaveLength(story.replicas);
    await turnBad(story.namespace, stable?.revision ?? '');
    const status = await until(story, 'the way back to 1.1.0', isRolledBack);
    expect(status.stable?.version).toBe('1.1.0');
    expect(status.failure).toMatchObject({ reason: 'AnalysisFailed' });
    expect(status.message).toMatch(rolledBackFor({ where: 'in the bake of 1.2.0', to: '1.1.0' }));
    expect(status.history?.[0]).toMatchObject({
      version: '1.2.0',
      outcome: 'RolledBack',
      reason: 'AnalysisFailed',
    });
    const { at = '', restoredAt = '' } = status.failure ?? {};
    story.notes.push(
      `verdict in the bake to all traffic restored: ${Date.parse(restoredAt) - Date.parse(at)} ms`,
    );

    await release(story, '1.1.0');
    await until(story, 'the Deployment to say the same', isHealthy);
  },
  epilogue: (_story, { summary }) => {
    expect(summary.appErrors['1.2.0']).toBeGreaterThan(0);
  },
});

async function toBake(story: Story, version: string): ReturnType<typeof until> {
  await release(story, version);
  await until(
    story,
    `${version} at its pause`,
    ({ canary, phase }) => canary?.version === version && phase === 'Paused',
  );
  await ask(story, 'promote');
  return until(
    story,
    `the bake of ${version}`,
    ({ stage, stable }) => stage === 'Baking' && stable?.version === version,
  );
}
