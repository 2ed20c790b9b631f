// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { resources } from '../../../operator/kube/resources.ts';
import type { Second } from '../../apps/load-lines.ts';
import { ask, isAt, isRolledBack, readRollout, release, stays, until } from '../support/acts.ts';
import { describeStory } from '../support/describe.ts';
import { kubectl } from '../support/kubectl.ts';
import { shop } from '../support/objects.ts';
import { tellStory } from '../support/stories.ts';
import type { Story } from '../support/story.ts';
import { waitFor } from '../support/wait.ts';
import { admin } from '../support/world.ts';

// At night: abort, and away with the Canary. The Deployment still has the bad template, and nobody shall get it.
tellStory({
  title: 'deleted after rollback',
  modes: ['gateway', 'ratio'],
  spec: () => ({ steps: [{ setWeight: 25 }, { pause: {} }] }),
  body: async (story) => {
    const { namespace } = story;
    await release(story, '1.1.0');
    await until(story, 'the weight of 1.1.0', isAt(1, 25));
    await ask(story, 'abort');
    await until(story, 'the rollback', isRolledBack);
    await admin().delete(resources.canaries, { namespace, name: shop });
    const held = await until(story, 'the deletion to be held', ({ phase }) => phase === 'Holding');
    expect(held.message).toBe(
      'deletion held: Deployment shop asks for 1.1.0, which was rolled back (aborted on request); all traffic stays on 1.0.0; set the template back to 1.0.0, or ask for promote-full to give 1.1.0 all traffic',
    );
    const seen = await untilStableAlone(story);
    await stays(story, 'held', ({ allowedActions }) => allowedActions?.[0] === 'promote-full', 5_000);
    const answers = story.load.seconds().slice(seen);
    expect(answers.flatMap(({ byVersion }) => Object.keys(byVersion))).not.toContain('1.1.0');
    const events = await kubectl([
      'get',
      'events.v1.events.k8s.io',
      '-n',
      namespace,
      '-o',
      'jsonpath={.items[*].reason}',
    ]);
    expect(events.split(' ')).toContain('DeletionHeld');

    await release(story, '1.0.0');
    await untilGone(story);
  },
  epilogue: ({ load }) => {
    expect(Object.keys(load.seconds().at(-1)?.byVersion ?? {})).toEqual(['1.0.0']);
  },
});

/**
 * kube-proxy follows the EndpointSlices once a second, and later where it is busy: at first it may not even have heard
 * that 1.1.0 got requests. Answers how many seconds have gone by when it has heard that it gets none.
 */
async function untilStableAlone({ load }: Story): Promise<number> {
  const heard = load.seconds().length + 4;
  const isAlone = ({ byVersion }: Second) => Object.keys(byVersion).join() === '1.0.0';
  await load.waitFor(
    'two seconds of 1.0.0 alone',
    (seconds) => seconds.length >= heard && seconds.slice(-2).every(isAlone),
    120_000,
  );
  return load.seconds().length;
}

function untilGone({ namespace, operatorLog }: Story): Promise<true> {
  return waitFor({
    what: 'the Canary to be gone',
    withinMs: 180_000,
    probe: async () => ((await readRollout(namespace)) ? undefined : true),
    explain: () => describeStory(namespace, operatorLog),
  });
}
