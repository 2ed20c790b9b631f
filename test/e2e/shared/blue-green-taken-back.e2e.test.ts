// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { resources } from '../../../operator/kube/resources.ts';
import { ask, isPreviewed, isPromoted, isRolledBack, readRollout, release, until } from '../support/acts.ts';
import { describeStory } from '../support/describe.ts';
import { shop } from '../support/objects.ts';
import { tellStory } from '../support/stories.ts';
import { waitFor } from '../support/wait.ts';
import { admin } from '../support/world.ts';

// A preview is taken back, the next one is replaced by a newer template, and the BlueGreen is deleted beside a third.
tellStory({
  title: 'blue-green taken back',
  kind: 'BlueGreen',
  modes: ['ratio', 'gateway'],
  spec: () => ({ autoPromote: false }),
  body: async (story) => {
    const { namespace, replicas, operatorLog } = story;
    await release(story, '1.1.0');
    await until(story, 'the preview of 1.1.0', isPreviewed('1.1.0'));
    await ask(story, 'abort');
    await until(story, 'the end of 1.1.0', isRolledBack);
    await release(story, '1.2.0');
    await until(story, 'the preview of 1.2.0', isPreviewed('1.2.0'));
    // another template of the same version
    await release(story, '1.1.0', { startDelayMs: 100 });
    await until(story, 'the preview of 1.1.0', isPreviewed('1.1.0'));
    await ask(story, 'promote');
    await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
    await release(story, '1.2.0');
    await until(story, 'the preview of 1.2.0 again', isPreviewed('1.2.0'));
    await admin().delete(resources.blueGreens, { namespace, name: shop });
    await waitFor({
      what: 'the BlueGreen to be gone',
      withinMs: 180_000,
      probe: async () => ((await readRollout(namespace, 'BlueGreen')) ? undefined : true),
      explain: () => describeStory(namespace, operatorLog, 'BlueGreen'),
    });
    const { spec } = await admin().get(resources.deployments, { namespace, name: shop });
    expect(spec).toMatchObject({ replicas });
  },
  epilogue: (_story, { summary }) => {
    // what the Deployment says in the end is what serves
    expect(Object.keys(summary.byVersion).toSorted()).toEqual(['1.0.0', '1.1.0', '1.2.0']);
    expect(summary.appErrors).toEqual({});
  },
});
