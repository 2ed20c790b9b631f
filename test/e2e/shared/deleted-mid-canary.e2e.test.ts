// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { z } from 'zod';
import { isAt, readRollout, release, until } from '../support/acts.ts';
import { describeStory } from '../support/describe.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { allModes, shop } from '../support/objects.ts';
import { tellStory } from '../support/stories.ts';
import { waitFor } from '../support/wait.ts';
import { admin } from '../support/world.ts';

const Service = z.looseObject({ selector: z.record(z.string(), z.string()) });
const Deployment = z.looseObject({ replicas: z.int() });

// The desired state is the user's Deployment, so it is its newest template that serves in the end.
tellStory({
  title: 'deleted mid canary',
  modes: allModes,
  spec: () => ({ steps: [{ setWeight: 25 }, { pause: {} }] }),
  body: async (story) => {
    const { namespace, replicas, operatorLog } = story;
    await release(story, '1.1.0');
    await until(story, 'the weight of 1.1.0', isAt(1, 25));
    await admin().delete(resources.canaries, { namespace, name: shop });
    await waitFor({
      what: 'the Canary to be gone',
      withinMs: 180_000,
      probe: async () => ((await readRollout(namespace)) ? undefined : true),
      explain: () => describeStory(namespace, operatorLog),
    });
    const service = await admin().get(resources.services, { namespace, name: shop });
    expect(Service.parse(service['spec']).selector).toEqual({ app: shop });
    const deployment = await admin().get(resources.deployments, { namespace, name: shop });
    expect(Deployment.parse(deployment['spec']).replicas).toBe(replicas);
    await waitFor({
      what: 'nothing of the Canary to be left',
      withinMs: 60_000,
      probe: async () => ((await names(namespace)).every((name) => name === shop) ? true : undefined),
      explain: () => describeStory(namespace, operatorLog),
    });
  },
  epilogue: (_story, { summary }) => {
    expect(Object.keys(summary.byVersion).toSorted()).toEqual(['1.0.0', '1.1.0']);
  },
});

/** Names of all that a Canary may have made. */
async function names(namespace: string): Promise<string[]> {
  const kinds = [resources.deployments, resources.services, resources.ingresses, resources.httpRoutes];
  const lists = await Promise.all(kinds.map((resource) => admin().list(resource, { namespace })));
  return lists.flatMap(({ items }) => items.map(({ metadata }) => metadata.name ?? ''));
}
