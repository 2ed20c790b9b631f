// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import type { RolloutStatus } from '../../../operator/api/rollout-status.ts';
import { ask, isAt, isPromoted, isRolledBack, release, until } from '../support/acts.ts';
import { tellStory } from '../support/stories.ts';
import type { Story } from '../support/story.ts';

// Back within the window while the old pods are warm, and later, on request, when they have to start first.
tellStory({
  title: 'going back',
  modes: ['gateway', 'ratio'],
  spec: () => ({ rollbackWindow: { revisions: 1 }, steps: [{ setWeight: 25 }, { pause: {} }] }),
  body: async (story) => {
    story.mayJump = true;
    await toVersion(story, '1.1.0');
    const askedAtMs = Date.now();
    await release(story, '1.0.0');
    const returned = await until(story, 'the return to 1.0.0', isPromoted('1.0.0'));
    expect(returned.history?.[0]).toMatchObject({
      version: '1.1.0',
      outcome: 'Returned',
      reason: 'RollbackWindow',
    });
    const warmMs = restoredAtMs(returned) - askedAtMs;
    story.notes.push(`template set back to all traffic restored, warm: ${warmMs} ms`);

    await toVersion(story, '1.1.0');
    const retired = await until(
      story,
      'the old pods to be gone',
      ({ replicas }) => replicas === story.replicas,
    );
    const [known] = retired.previous ?? [];
    expect(known?.version).toBe('1.0.0');
    const rolledBackAtMs = Date.now();
    await ask(story, 'rollback', known?.revision);
    const held = await until(story, 'the rollback to 1.0.0', isRolledBack);
    expect(held.stable?.version).toBe('1.0.0');
    expect(held.failure).toMatchObject({ reason: 'RollbackRequested' });
    expect(held.message).toMatch(
      /the template still asks for 1\.1\.0, which is held until it changes or somebody asks for retry$/,
    );
    expect(held.history?.[0]).toMatchObject({
      version: '1.1.0',
      outcome: 'RolledBack',
      reason: 'RollbackRequested',
    });
    story.notes.push(
      `rollback asked for to all traffic restored, cold: ${restoredAtMs(held) - rolledBackAtMs} ms`,
    );
  },
});

/** By the steps, with a person's word at the pause. */
async function toVersion(story: Story, version: string): Promise<void> {
  await release(story, version);
  await until(story, `the weight of ${version}`, isAt(1, 25));
  await ask(story, 'promote');
  await until(story, `${version} to be promoted`, isPromoted(version));
}

function restoredAtMs({ stable }: RolloutStatus): number {
  return Date.parse(stable?.since ?? '');
}
