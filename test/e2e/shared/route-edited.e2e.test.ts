// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { resources } from '../../../operator/kube/resources.ts';
import { ask, isAt, isPromoted, readStatus, release, until } from '../support/acts.ts';
import { shopRoute } from '../support/objects.ts';
import { tellStory } from '../support/stories.ts';
import type { Story } from '../support/story.ts';
import { admin } from '../support/world.ts';

// GitOps applies the whole route from Git while weights are in it: its changes stay, and the weights come back.
tellStory({
  title: 'route edited',
  modes: ['gateway'],
  spec: () => ({ steps: [{ setWeight: 25 }, { pause: {} }] }),
  body: async (story) => {
    await release(story, '1.1.0');
    await until(story, 'the weight of 1.1.0', isAt(1, 25));
    await applyFromGit(story);
    const back = await until(
      story,
      'the weight after the edit',
      (status) => isAt(1, 25)(status) && Object.values(status.fights ?? {}).length > 0,
    );
    expect(Object.values(back.fights ?? {})).toMatchObject([{ count: 1, manager: 'gitops' }]);
    await ask(story, 'promote');
    await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
    // who asks for something has seen it, and no other write was needed
    expect((await readStatus(story.namespace)).fights).toBeUndefined();
  },
});

/** One rule more, one label more, a longer time-out, and no word of weights. */
async function applyFromGit(story: Story): Promise<void> {
  const { apiVersion: _version, kind: _kind, ...route } = shopRoute(story.namespace);
  const gone = {
    matches: [{ path: { type: 'Exact', value: '/gone' } }],
    filters: [{ type: 'RequestRedirect', requestRedirect: { hostname: 'gone.test', statusCode: 301 } }],
  };
  const rules = route.spec.rules.map((rule) =>
    'timeouts' in rule ? { ...rule, timeouts: { request: '45s' } } : rule,
  );
  const applied = await admin().apply(
    resources.httpRoutes,
    {
      ...route,
      metadata: { ...route.metadata, labels: { team: 'shop' } },
      spec: { ...route.spec, rules: [gone, ...rules] },
    },
    { fieldManager: 'gitops', force: true },
  );
  // the route has no annotation in Git; the one that is there is the note of the weights
  const { annotations: _note, ...metadata } = applied.metadata;
  story.usersRoute = { ...applied, metadata };
}
