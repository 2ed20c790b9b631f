// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../kube/objects.ts';
import { bindRouter, routeObjects } from '../route-target.ts';
import { CANARY, canaryFrom, fromYaml, put, storesWith } from '../test-objects.ts';

const canary = canaryFrom(`${CANARY}  traffic: {traefik: {service: shop}}\n`);
const SERVICE = fromYaml(
  '{apiVersion: traefik.io/v1alpha1, kind: TraefikService, metadata: {name: shop}, spec: {weighted: {services: [{name: checkout, port: 80}]}}}',
);

/** As the register of kinds keeps it. */
function presence(served: boolean): KubeObject {
  const metadata = { name: 'TraefikService', uid: 'TraefikService', resourceVersion: served ? '2' : '1' };
  return { apiVersion: 'v1', kind: 'Kind', metadata, served };
}

describe('a Canary with traffic.traefik', () => {
  it('names its TraefikService, which the router writes', () => {
    expect(routeObjects('web', canary.spec.traffic)).toEqual([{ resource: 'traefikServices', name: 'shop' }]);
  });

  it('is split by the TraefikService of its namespace', () => {
    const router = bindRouter(canary, storesWith({ traefikServices: [SERVICE] }));
    expect(router?.owned).toBe(false);
    expect(router?.observe()).toMatchObject({ weight: 0, exists: false, problems: [] });
    expect(router?.planWeight({ weight: 20 })).toMatchObject([
      { kind: 'patch', resource: 'traefikServices', namespace: 'shop', name: 'shop' },
    ]);
    const elsewhere = { ...SERVICE, metadata: { ...SERVICE.metadata, namespace: 'other' } };
    expect(bindRouter(canary, storesWith({ traefikServices: [elsewhere] }))?.observe().problems).toEqual([
      { reason: 'RouteNotFound', message: 'TraefikService shop does not exist in namespace shop' },
    ]);
  });

  it('waits for the CRD, and goes on when it has come', () => {
    const stores = storesWith({});
    const problems = () =>
      bindRouter(canary, stores)
        ?.observe()
        .problems.map(({ reason }) => reason);
    expect(problems()).toEqual(['RouteNotFound']);
    put(stores, 'kinds', presence(false));
    expect(problems()).toEqual(['RouteKindNotServed']);
    put(stores, 'kinds', presence(true));
    put(stores, 'traefikServices', SERVICE);
    expect(problems()).toEqual([]);
  });
});
