// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { Rollout } from '../../../engine/rollout/rollout.ts';
import type { KubeObject } from '../../../kube/objects.ts';
import { bindRouter, routeObjects } from '../route-target.ts';
import type { RolloutStores } from '../stores.ts';
import { CANARY, canaryFrom, DEPLOYMENT, fromYaml, put, storesWith } from '../test-objects.ts';

const ROLLOUT = canaryFrom(
  `${CANARY}  traffic: {istio: {virtualServices: [{name: mesh}, {name: edge, routes: [pages]}]}}\n`,
);

function object(kind: string, name: string, spec: object): KubeObject {
  const metadata = { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: '1' };
  return { apiVersion: 'networking.istio.io/v1', kind, metadata, spec };
}

const ROUTE = { route: [{ destination: { host: 'checkout' } }] };

function filledStores(): RolloutStores {
  const stores = storesWith({});
  put(stores, 'deployments', fromYaml(DEPLOYMENT));
  put(stores, 'virtualServices', object('VirtualService', 'mesh', { http: [ROUTE] }));
  put(
    stores,
    'virtualServices',
    object('VirtualService', 'edge', { http: [ROUTE, { ...ROUTE, name: 'pages' }] }),
  );
  put(stores, 'destinationRules', object('DestinationRule', 'checkout', { host: 'checkout' }));
  return stores;
}

function writesOf(rollout: Rollout, stores: RolloutStores): string[] {
  const writes = bindRouter(rollout, stores)?.planWeight({ weight: 20 }) ?? [];
  return writes.map((write) => {
    if (write.kind === 'apply') return `apply ${write.resource} ${write.object.metadata.name}`;
    const paths =
      write.kind === 'patch' ? write.operations.map((one) => ('path' in one ? one.path : '')) : [];
    return [write.kind, write.resource, write.name, ...paths.slice(1, 2)].join(' ');
  });
}

describe('a Canary with traffic.istio', () => {
  it('moves its VirtualServices together, after the copies of the DestinationRules of its Service', () => {
    expect(writesOf(ROLLOUT, filledStores())).toEqual([
      'apply destinationRules checkout-canary',
      'patch virtualServices mesh /spec/http/0/route',
      'patch virtualServices edge /spec/http/1/route',
    ]);
  });

  it('knows the labels of the pods that a release would make', () => {
    const stores = filledStores();
    const subsets = [{ name: 'main', labels: { nobody: 'has-this' } }];
    put(stores, 'destinationRules', object('DestinationRule', 'checkout', { host: 'checkout', subsets }));
    const leading = { route: [{ destination: { host: 'checkout', subset: 'main' } }] };
    put(stores, 'virtualServices', object('VirtualService', 'mesh', { http: [leading] }));
    const problems = bindRouter(ROLLOUT, stores)?.observe().problems ?? [];
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('limits to pods with nobody=has-this; the new pods of Service checkout'),
    ]);
  });

  it('says what is not there', () => {
    const stores = storesWith({});
    const messagesOf = () =>
      bindRouter(ROLLOUT, stores)
        ?.observe()
        .problems.map(({ reason }) => reason);
    expect(messagesOf()).toEqual(['RouteNotFound', 'RouteNotFound']);
  });

  it('is woken by its VirtualServices', () => {
    expect(routeObjects('web', ROLLOUT.spec.traffic)).toEqual([
      { resource: 'virtualServices', name: 'mesh' },
      { resource: 'virtualServices', name: 'edge' },
    ]);
  });
});
