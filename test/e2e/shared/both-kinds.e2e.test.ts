// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { demoGateway } from '../../apps/manifests.ts';
import { ask, isAt, isPromoted, release, until } from '../support/acts.ts';
import { shop } from '../support/objects.ts';
import { tellStory } from '../support/stories.ts';
import { type Story, writtenByUser } from '../support/story.ts';
import { versionsFor } from '../support/traffic.ts';
import { waitFor } from '../support/wait.ts';
import { admin } from '../support/world.ts';

const rpc = 'shop-rpc';
const chosen = { 'x-canary': 'always' };

// An HTTPRoute and a GRPCRoute of one Service move together, and both are given back.
tellStory({
  title: 'both kinds of routes',
  modes: ['gateway'],
  besides: (namespace) => [rpcRoute(namespace)],
  spec: () => ({
    traffic: {
      gateway: {
        routes: [
          { kind: 'HTTPRoute', name: shop },
          { kind: 'GRPCRoute', name: rpc },
        ],
      },
    },
    steps: [{ setWeight: 25 }, { pause: {} }],
    match: [{ headers: { 'x-canary': { exact: 'always' } } }],
  }),
  body: async (story) => {
    const before = writtenByUser(await readRpcRoute(story));
    await expectVersions(story, {}, { '1.0.0': 10 });
    await release(story, '1.1.0');
    await until(story, 'the weight of 1.1.0', isAt(1, 25));
    await expectVersions(story, chosen, { '1.1.0': 20 });
    const { '1.0.0': stable = 0, '1.1.0': canary = 0 } = await versionsFor(entranceOf(story), {}, 100);
    expect(stable + canary).toBe(100);
    expect(canary).toBeGreaterThanOrEqual(10);
    expect(canary).toBeLessThanOrEqual(45);
    await ask(story, 'promote');
    await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
    await waitFor({
      what: 'the GRPCRoute to be given back',
      withinMs: 60_000,
      probe: async () => (writtenByUser(await readRpcRoute(story)) === before ? true : undefined),
    });
    await expectVersions(story, chosen, { '1.1.0': 10 });
  },
});

function rpcRoute(namespace: string) {
  const backendRefs = [{ name: shop, port: 80, weight: 3 }];
  const rules = ['Pay', 'Refund'].map((method) => ({
    matches: [{ method: { service: 'shop.Shop', method } }],
    backendRefs,
  }));
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GRPCRoute',
    metadata: { name: rpc, namespace },
    spec: { parentRefs: [demoGateway], hostnames: [hostOfRpc(namespace)], rules },
  };
}

function hostOfRpc(namespace: string): string {
  return `rpc.${namespace}.test`;
}

function entranceOf({ entrance, namespace }: Story) {
  return { url: new URL('shop.Shop/Pay', entrance.url).href, host: hostOfRpc(namespace) };
}

async function expectVersions(
  story: Story,
  headers: Readonly<Record<string, string>>,
  expected: Readonly<Record<string, number>>,
): Promise<void> {
  const count = Object.values(expected).reduce((sum, one) => sum + one, 0);
  expect(await versionsFor(entranceOf(story), headers, count)).toEqual(expected);
}

function readRpcRoute({ namespace }: Story): Promise<KubeObject> {
  return admin().get(resources.grpcRoutes, { namespace, name: rpc });
}
