// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { isPromoted, release, until } from '../support/acts.ts';
import { kubectl } from '../support/kubectl.ts';
import { tellStory } from '../support/stories.ts';
import type { Story } from '../support/story.ts';
import { waitFor } from '../support/wait.ts';

/** Revisions that are kept: the stable one, and three before it. */
const kept = 4;

tellStory({
  title: 'old revisions',
  modes: ['route'],
  spec: () => ({ steps: [{ setWeight: 50 }] }),
  body: async (story) => {
    const [first = ''] = await revisionsOf(story);
    // A version may come back in another template; that is another revision.
    for (const [index, version] of ['1.1.0', '1.2.0', '1.0.0', '1.1.0'].entries()) {
      await release(story, version, { startDelayMs: index + 1 });
      await until(story, `${version} to be promoted`, isPromoted(version));
    }
    await waitFor({
      what: `${story.title}: ${kept} revisions to be left`,
      withinMs: 120_000,
      probe: async () => ((await revisionsOf(story)).length === kept ? true : undefined),
      explain: async () => (await revisionsOf(story)).join(', '),
    });
    expect(await revisionsOf(story)).not.toContain(first);
  },
});

async function revisionsOf({ namespace }: Story): Promise<string[]> {
  const selection = [`--namespace=${namespace}`, '--selector=headway.dev/revision'];
  const names = await kubectl([
    'get',
    'deployments',
    ...selection,
    '--output=jsonpath={.items[*].metadata.name}',
  ]);
  return names.split(' ').filter((name) => name !== '');
}
