// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { z } from 'zod';
import { Labels } from '../../../operator/api/group.ts';
import { canaryServiceName } from '../../../operator/engine/rollout/names.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { canaryIngressName } from '../../../operator/providers/traffic/ingress/canary-ingress.ts';
import { ask, isAt, isPromoted, readStatus, release, until } from '../support/acts.ts';
import { type Mode, shop } from '../support/objects.ts';
import { untilPutBack, untilTold } from '../support/overwrites.ts';
import { tellStory } from '../support/stories.ts';
import type { Story } from '../support/story.ts';
import { admin } from '../support/world.ts';

const Service = z.looseObject({ selector: z.record(z.string(), z.string()) });
const Deployment = z.looseObject({ replicas: z.int().default(0) });
const HttpRoute = z.looseObject({
  rules: z.array(z.looseObject({ backendRefs: z.array(z.looseObject({ weight: z.int() })).optional() })),
});
const weightKey = 'nginx.ingress.kubernetes.io/canary-weight';

tellStory({
  title: 'overwritten',
  modes: ['route', 'ratio'],
  spec: () => ({ steps: [{ setWeight: 25 }, { pause: {} }] }),
  body: async (story) => {
    await release(story, '1.1.0');
    await until(story, 'the weight of 1.1.0', isAt(1, 25));
    await scaleDeploymentUp(story);
    await editSelector(story);
    const editWeight = weightEdits[story.mode];
    if (editWeight) {
      await editWeight(story);
      await pointCanaryServiceAtStable(story);
    }
    const status = await until(story, 'quiet after the last repair', isAt(1, 25));
    const fights = Object.values(status.fights ?? {}).map(({ count, manager }) => `${manager} ${count}`);
    expect(fights.toSorted()).toEqual(
      editWeight
        ? ['intruder 1', 'intruder 1', 'intruder 1', 'kubectl-scale 1']
        : ['intruder 1', 'kubectl-scale 1'],
    );
    await ask(story, 'promote');
    await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
  },
});

async function scaleDeploymentUp(story: Story): Promise<void> {
  const { namespace } = story;
  const ref = { namespace, name: shop };
  const change = { patch: { spec: { replicas: 2 } }, fieldManager: 'kubectl-scale' };
  await admin().mergePatch(resources.deployments, ref, change);
  await untilPutBack(story, 'replicas of the Deployment', async () => {
    const { spec } = await admin().get(resources.deployments, ref);
    return Deployment.parse(spec).replicas === 0;
  });
  await untilTold(
    story,
    'TrafficOverwritten',
    /^kubectl-scale changed replicas of Deployment shop from 0 to 2; put back \(1 of 3\)$/,
  );
}

/** Without its pin the Service names the pods of every revision: more than it should, so nothing is lost. */
async function editSelector(story: Story): Promise<void> {
  const { namespace } = story;
  const ref = { namespace, name: shop };
  const patch = { spec: { selector: { [Labels.revision]: null, [Labels.canary]: null } } };
  await admin().mergePatch(resources.services, ref, { patch, fieldManager: 'intruder' });
  await untilPutBack(story, 'the selector of the Service', async () => {
    const { spec } = await admin().get(resources.services, ref);
    return Object.keys(Service.parse(spec).selector).some((key) => key.startsWith('headway.dev/'));
  });
  await untilTold(
    story,
    'TrafficOverwritten',
    /^intruder changed the selector of Service shop from .* to none; put back \(1 of 3\)$/,
  );
}

async function editAnnotation(story: Story): Promise<void> {
  const ref = { namespace: story.namespace, name: canaryIngressName(shop) };
  const patch = { metadata: { annotations: { [weightKey]: '90' } } };
  await admin().mergePatch(resources.ingresses, ref, { patch, fieldManager: 'intruder' });
  await untilPutBack(story, 'the weight of the route', async () => {
    const { metadata } = await admin().get(resources.ingresses, ref);
    return metadata.annotations?.[weightKey] === '25';
  });
  await untilTold(
    story,
    'TrafficOverwritten',
    /^intruder changed .*weight.* from 25%? to 90%?; put back \(1 of 3\)$/,
  );
}

async function editBackends(story: Story): Promise<void> {
  const ref = { namespace: story.namespace, name: shop };
  const path = '/spec/rules/1/backendRefs';
  const operations = [10, 90].map(
    (weight, i) => ({ op: 'replace', path: `${path}/${i}/weight`, value: weight }) as const,
  );
  await admin().jsonPatch(resources.httpRoutes, ref, { operations, fieldManager: 'intruder' });
  await untilPutBack(story, 'the weights of the route', async () => {
    const { spec } = await admin().get(resources.httpRoutes, ref);
    return (
      HttpRoute.parse(spec)
        .rules[1]?.backendRefs?.map(({ weight }) => weight)
        .join() === '75,25'
    );
  });
  await untilTold(
    story,
    'TrafficOverwritten',
    /^intruder changed .*HTTPRoute shop.* from 25%? to 90%?; put back \(1 of 3\)$/,
  );
}

/** The weight goes to nobody, then the Service is put right, then the weight comes back. */
async function pointCanaryServiceAtStable(story: Story): Promise<void> {
  const { namespace } = story;
  const { stable, canary } = await readStatus(namespace);
  const ref = { namespace, name: canaryServiceName(shop) };
  const patch = { spec: { selector: { [Labels.revision]: stable?.revision ?? '' } } };
  await admin().mergePatch(resources.services, ref, { patch, fieldManager: 'intruder' });
  await untilTold(
    story,
    'TrafficOverwritten',
    new RegExp(
      `^intruder changed the selector of Service shop-canary from revision ${canary?.revision} to revision ${stable?.revision}; put back \\(1 of 3\\)$`,
    ),
  );
  await untilPutBack(story, 'the selector of the canary Service', async () => {
    const { spec } = await admin().get(resources.services, ref);
    return Service.parse(spec).selector[Labels.revision] === canary?.revision;
  });
}

const weightEdits: Readonly<Partial<Record<Mode, (story: Story) => Promise<void>>>> = {
  route: editAnnotation,
  gateway: editBackends,
};
