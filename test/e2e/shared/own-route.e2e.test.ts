// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { resources } from '../../../operator/kube/resources.ts';
import { demoGateway } from '../../apps/manifests.ts';
import { isAt, isPromoted, release, until } from '../support/acts.ts';
import { hostOf, shop } from '../support/objects.ts';
import { tellStory } from '../support/stories.ts';
import { admin } from '../support/world.ts';

tellStory({
  title: 'own route',
  modes: ['gateway'],
  ownRoute: true,
  spec: (_mode, namespace) => ({
    traffic: { gateway: { template: { parentRefs: [demoGateway], hostnames: [hostOf(namespace)] } } },
    steps: [
      { setWeight: 25 },
      { pause: { duration: '3s' } },
      { setWeight: 50 },
      { pause: { duration: '3s' } },
    ],
  }),
  body: async (story) => {
    const { namespace } = story;
    const { metadata } = await admin().get(resources.httpRoutes, { namespace, name: shop });
    expect(metadata.ownerReferences).toMatchObject([{ kind: 'Canary', name: shop, controller: true }]);
    await release(story, '1.1.0');
    await until(story, 'the first weight', isAt(1, 25));
    await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
  },
  epilogue: (_story, { summary, audit }) => {
    expect(Object.keys(summary.byVersion)).toEqual(['1.0.0', '1.1.0']);
    expect(audit.weights.map(({ weight }) => weight)).toEqual([25, 50, 100, 0]);
  },
});
