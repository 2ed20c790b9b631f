// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { resources } from '../../../operator/kube/resources.ts';
import { ask, isAt, isPromoted, readStatus, release, stays, until } from '../support/acts.ts';
import { tellStory } from '../support/stories.ts';
import { admin } from '../support/world.ts';

tellStory({
  title: 'managed release',
  modes: ['route', 'ratio'],
  spec: () => ({ releasePolicy: 'Managed', steps: [{ setWeight: 50 }, { pause: {} }] }),
  body: async (story) => {
    await release(story, '1.1.0');
    const waiting = await until(story, 'the wait for admission', ({ phase }) => phase === 'Waiting');
    expect(waiting.message).toBe('1.1.0 waits for admission; all traffic stays on 1.0.0');
    expect(waiting.allowedActions).toEqual(['admit']);
    expect(waiting.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
      status: 'False',
      reason: 'WaitingForAdmission',
    });
    await stays(story, 'waiting with the pods of stable alone', isWaiting(story.replicas), 4_000);
    expect(await names(story.namespace)).toHaveLength(2);
    await ask(story, 'admit');
    await until(story, 'the weight of 1.1.0', isAt(1, 50));
    await release(story, '1.2.0');
    await until(
      story,
      '1.2.0 to wait for its own admission',
      (status) => status.phase === 'Waiting' && status.canary?.version === '1.2.0',
    );
    await ask(story, 'admit');
    await until(story, 'the weight of 1.2.0', isAt(1, 50));
    await ask(story, 'promote');
    await until(story, '1.2.0 to be promoted', isPromoted('1.2.0'));
    expect((await readStatus(story.namespace)).history?.map(({ outcome }) => outcome)).toEqual([
      'Promoted',
      'Superseded',
    ]);
  },
});

function isWaiting(replicas: number): Parameters<typeof stays>[2] {
  return (status) =>
    status.phase === 'Waiting' && status.replicas === replicas && status.weight?.desired === 0;
}

/** The target's and those of its revisions. */
async function names(namespace: string): Promise<string[]> {
  const { items } = await admin().list(resources.deployments, { namespace });
  return items.map(({ metadata }) => metadata.name ?? '');
}
