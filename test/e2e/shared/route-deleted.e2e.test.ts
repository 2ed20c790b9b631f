// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { z } from 'zod';
import type { RolloutStatus } from '../../../operator/api/rollout-status.ts';
import { Reasons } from '../../../operator/api/reasons.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { demoGateway, demoHttpRoute } from '../../apps/manifests.ts';
import { ask, isAt, isPromoted, release, until } from '../support/acts.ts';
import { applyObjects } from '../support/kubectl.ts';
import { hostOf, shop, shopRoute } from '../support/objects.ts';
import { tellStory } from '../support/stories.ts';
import type { Story } from '../support/story.ts';
import { versionsFor } from '../support/traffic.ts';
import { waitFor } from '../support/wait.ts';
import { admin } from '../support/world.ts';

const Accepted = z.looseObject({ parents: z.array(z.looseObject({})).min(1) });

// Another route leads to the Service too, so that what is seen to be lost was lost by Headway.
tellStory({
  title: 'route deleted',
  modes: ['gateway'],
  spec: () => ({ steps: [{ setWeight: 25 }, { pause: {} }] }),
  body: async (story) => {
    const { namespace } = story;
    const ref = { namespace, name: shop };
    await standInFor(story);
    await release(story, '1.1.0');
    await until(story, 'the weight of 1.1.0', isAt(1, 25));
    await admin().delete(resources.httpRoutes, ref);
    const held = await until(story, 'the hold without a route', isHeldFor(Reasons.RouteNotFound));
    expect(held.message).toContain(`HTTPRoute ${shop} does not exist in namespace ${namespace}`);
    expect(held.stage).toBe('Stepping');
    await waitFor({
      what: 'only the stable revision to answer',
      withinMs: 60_000,
      probe: async () => {
        const { '1.0.0': stable } = await versionsFor(story.entrance, {}, 10);
        return stable === 10 ? true : undefined;
      },
    });
    await comeBackForNobody(story);
    await applyObjects([shopRoute(namespace)]);
    await until(story, 'the weight in the new route', isAt(1, 25));
    await ask(story, 'promote');
    await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
  },
});

/** The route is there again, but its parent is not; a weight in it would say what nobody serves. */
async function comeBackForNobody(story: Story): Promise<void> {
  const { spec, ...route } = shopRoute(story.namespace);
  const parentRefs = [{ ...demoGateway, name: 'nowhere' }];
  await applyObjects([{ ...route, spec: { ...spec, parentRefs } }]);
  const { message } = await until(story, 'the hold without a Gateway', isHeldFor(Reasons.RouteNotAccepted));
  expect(message).toContain(`no Gateway has taken up HTTPRoute ${shop}`);
}

function isHeldFor(reason: string): (status: RolloutStatus) => boolean {
  return ({ conditions = [] }) => conditions.some((one) => one.type === 'Ready' && one.reason === reason);
}

/** A route that any other of the host is preferred to, because its own host is a wildcard. */
async function standInFor({ namespace }: Story): Promise<void> {
  const host = hostOf(namespace).replace(/^[^.]+/, '*');
  const name = 'stand-in';
  await applyObjects([demoHttpRoute({ name, namespace, host, backends: [{ name: shop }] })]);
  await waitFor({
    what: 'the stand-in to be accepted',
    withinMs: 60_000,
    probe: async () => {
      const { status } = await admin().get(resources.httpRoutes, { namespace, name });
      return Accepted.safeParse(status).success ? true : undefined;
    },
  });
}
