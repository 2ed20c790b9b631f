// SPDX-License-Identifier: Apache-2.0
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { isNotFound } from '../../../operator/kube/errors.ts';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { type Resource, resources } from '../../../operator/kube/resources.ts';
import { appPort } from '../../apps/manifests.ts';
import { installIstioCrds } from '../../cluster/istio-crds.ts';
import { ask, isAt, isHealthy, isPromoted, release, type Stage, until } from '../support/acts.ts';
import { removeStory } from '../support/close.ts';
import { applyObjects, kubectl } from '../support/kubectl.ts';
import { type CanarySpecInput, canaryObject, shop, shopObjects } from '../support/objects.ts';
import { firstVersion, namespaceOf, writtenByUser } from '../support/story.ts';
import { waitFor } from '../support/wait.ts';
import { admin } from '../support/world.ts';

const canary = `${shop}-canary`;

const spec: CanarySpecInput = {
  traffic: { istio: { virtualServices: [{ name: shop }] }, settle: '2s' },
  steps: [{ setWeight: 25 }, { pause: {} }],
  analysis: { checks: [{ name: 'answers', interval: '1s', http: { port: appPort } }] },
};

// No proxy of Istio runs here, so nothing is said of requests: the objects are real, the pods are asked themselves.
it.concurrent('a release by a VirtualService and a DestinationRule of Istio', play, 420_000);

async function play(): Promise<void> {
  await installIstioCrds((args) => kubectl(args));
  const stage = await putUp();
  const { namespace } = stage;
  const before = writtenByUser(await read(resources.virtualServices, namespace, shop));
  await until(stage, 'the Deployment to be adopted', (status) => isHealthy(status) && status.parked === true);

  await release(stage, '1.1.0');
  await until(stage, 'the weight of 1.1.0', isAt(1, 25));
  expect(destinationsOf(await read(resources.virtualServices, namespace, shop))).toEqual([
    { host: shop, weight: 75 },
    { host: canary, weight: 25 },
  ]);
  expect((await read(resources.destinationRules, namespace, canary))['spec']).toEqual(rule(canary, 200));
  await changeRule(namespace);

  await ask(stage, 'promote');
  await until(stage, '1.1.0 to be promoted', isPromoted('1.1.0'));
  await waitFor({
    what: 'the VirtualService to be given back, and the copy of the DestinationRule to be gone',
    withinMs: 60_000,
    probe: async () => {
      const now = writtenByUser(await read(resources.virtualServices, namespace, shop));
      return now === before && (await isGone(namespace)) ? true : undefined;
    },
  });
  await removeStory({ namespace, kind: 'Canary' });
}

async function putUp(): Promise<Stage> {
  const { HEADWAY_OPERATOR_LOG: operatorLog } = process.env;
  const namespace = namespaceOf('istio', 'ratio');
  const common = { namespace, mode: 'ratio', replicas: 2 } as const;
  await applyObjects([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
  await applyObjects([...shopObjects({ ...common, version: firstVersion }), ...meshObjects(namespace)]);
  await applyObjects([canaryObject(namespace, 'ratio', spec)]);
  return { title: 'istio', ...common, exit: 'immediate', operatorLog };
}

function rule(host: string, http2MaxRequests: number) {
  return { host, trafficPolicy: { connectionPool: { http: { http2MaxRequests } } } };
}

function meshObjects(namespace: string): object[] {
  const apiVersion = 'networking.istio.io/v1';
  const metadata = { name: shop, namespace };
  const http = [{ name: 'pages', timeout: '10s', route: [{ destination: { host: shop } }] }];
  return [
    { apiVersion, kind: 'DestinationRule', metadata, spec: rule(shop, 200) },
    { apiVersion, kind: 'VirtualService', metadata, spec: { hosts: [shop], http } },
  ];
}

/** What the user changes of the Service in the middle of a release holds for the canary, too. */
async function changeRule(namespace: string): Promise<void> {
  const change = { patch: { spec: rule(shop, 100) }, fieldManager: 'person' };
  await admin().mergePatch(resources.destinationRules, { namespace, name: shop }, change);
  await waitFor({
    what: 'the copy of the DestinationRule to follow',
    withinMs: 30_000,
    probe: async () => {
      const { spec: copied } = await read(resources.destinationRules, namespace, canary);
      return JSON.stringify(copied).includes('"http2MaxRequests":100') ? true : undefined;
    },
  });
}

function read(resource: Resource, namespace: string, name: string): Promise<KubeObject> {
  return admin().get(resource, { namespace, name });
}

async function isGone(namespace: string): Promise<boolean> {
  try {
    await read(resources.destinationRules, namespace, canary);
    return false;
  } catch (error) {
    if (isNotFound(error)) return true;
    throw error;
  }
}

const VirtualService = z.looseObject({
  http: z
    .array(
      z.looseObject({
        route: z.array(z.looseObject({ destination: z.looseObject({ host: z.string() }), weight: z.int() })),
      }),
    )
    .length(1),
});

function destinationsOf({ spec: written }: KubeObject): { host: string; weight: number }[] {
  const [http] = VirtualService.parse(written).http;
  return (http?.route ?? []).map(({ destination: { host }, weight }) => ({ host, weight }));
}
