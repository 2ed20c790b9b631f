// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../kube/objects.ts';
import { createFakeClock } from '../../runtime/fake-clock.ts';
import { silentLog } from '../../runtime/log.ts';
import type { Controller } from '../../runtime/controller.ts';
import type { AddOptions, WorkQueue } from '../../runtime/work-queue.ts';
import { canaryKind } from '../canary/kind.ts';
import { createRolloutController } from './controller.ts';
import type { RolloutParts } from './parts.ts';
import type { RolloutStores } from './stores.ts';
import {
  CANARY,
  DEPLOYMENT,
  fromYaml,
  INGRESS_CANARY,
  podOf,
  put,
  SERVICE,
  sliceOf,
  storesWith,
} from './test-objects.ts';

let stores: RolloutStores;
let woken: string[];
let controller: Controller;

beforeEach(async () => {
  stores = storesWith({ canaries: [fromYaml(INGRESS_CANARY)] });
  woken = [];
  const clock = createFakeClock();
  const queue = {
    add: (key: string, { lane, reason }: AddOptions = {}) => void woken.push(`${key} ${lane} ${reason}`),
    get: async () => undefined,
  } as unknown as WorkQueue;
  controller = createRolloutController({ kind: canaryKind, stores } as RolloutParts, {
    queue,
    clock,
    log: silentLog,
    workers: 1,
  });
  controller.start();
  await clock.settle();
  woken.length = 0;
});

function revision(owner: string): KubeObject {
  const object = fromYaml(DEPLOYMENT);
  const ownerReferences = [
    { apiVersion: 'headway.dev/v1alpha1', kind: 'Canary', name: 'web', uid: owner, controller: true },
  ];
  return {
    ...object,
    metadata: { ...object.metadata, name: 'web-aaa', uid: 'uid-web-aaa', ownerReferences },
  };
}

function named(kind: string, name: string, namespace = 'shop'): KubeObject {
  return fromYaml(
    `{apiVersion: v1, kind: ${kind}, metadata: {name: ${name}, namespace: ${namespace}}, spec: {}}`,
  );
}

const changes: [string, keyof RolloutStores, KubeObject, string[]][] = [
  [
    'itself',
    'canaries',
    { ...fromYaml(CANARY), metadata: { ...fromYaml(CANARY).metadata, resourceVersion: '2' } },
    ['shop/web step canary'],
  ],
  ['its target', 'deployments', fromYaml(DEPLOYMENT), ['shop/web step target']],
  ['a revision that it owns', 'deployments', revision('uid-web'), ['shop/web step revision']],
  ['a Deployment of somebody else', 'deployments', revision('uid-other'), []],
  ['its Service', 'services', fromYaml(SERVICE), ['shop/web step service']],
  ['its canary Service', 'services', named('Service', 'checkout-canary'), ['shop/web step service']],
  ['the Service of that name elsewhere', 'services', named('Service', 'checkout', 'other'), []],
  [
    'endpoints of its Service',
    'endpointSlices',
    sliceOf('checkout', 'x', ['a']),
    ['shop/web step endpoints'],
  ],
  [
    'endpoints of its canary Service',
    'endpointSlices',
    sliceOf('checkout-canary', 'x', ['a']),
    ['shop/web step endpoints'],
  ],
  ['endpoints of another Service', 'endpointSlices', sliceOf('cart', 'x', ['a']), []],
  ['a pod of its revisions', 'pods', podOf('aaa', 'web-aaa-1'), ['shop/web status pod']],
  ['its Ingress', 'ingresses', named('Ingress', 'shop'), ['shop/web step route']],
  ['its canary Ingress', 'ingresses', named('Ingress', 'shop-canary'), ['shop/web step route']],
  ['another Ingress', 'ingresses', named('Ingress', 'cart'), []],
  ['a template that it does not name', 'templates', named('AnalysisTemplate', 'slo'), []],
];

describe('a Canary is looked at again by', () => {
  it.each(changes)('%s', (_what, store, object, keys) => {
    put(stores, store, object);
    expect(woken).toEqual(keys);
  });

  it('a ConfigMap that its target or a revision reads from', () => {
    const reading = (object: KubeObject) =>
      JSON.parse(
        JSON.stringify(object).replace('"ports":', '"envFrom":[{"configMapRef":{"name":"app"}}],"ports":'),
      ) as KubeObject;
    put(stores, 'deployments', reading(fromYaml(DEPLOYMENT)));
    const copied = reading(revision('uid-web'));
    copied.metadata.labels = { 'headway.dev/revision': 'aaa' };
    copied.metadata.annotations = { 'headway.dev/config': '{"ConfigMap/app":"copied"}' };
    put(stores, 'deployments', copied);
    woken.length = 0;
    for (const name of ['app', 'app-aaa', 'other']) put(stores, 'configMaps', named('ConfigMap', name));
    expect(woken).toEqual(['shop/web step config', 'shop/web step config']);
  });

  it.each<[string, Partial<KubeObject>, string]>([
    ['a verb', { metadata: { annotations: { 'headway.dev/action': 'abort/aaa/1' } } }, 'rollback'],
    ['another spec', { metadata: { generation: 8 } }, 'rollback'],
    ['its own status', { status: { message: 'x' } }, 'step'],
    ['an annotation of somebody else', { metadata: { annotations: { team: 'red' } } }, 'step'],
  ])('%s, what is asked before what follows', (_what, { metadata, ...change }, lane) => {
    const rollout = fromYaml(INGRESS_CANARY);
    const changed = { ...rollout.metadata, resourceVersion: '2', ...metadata };
    put(stores, 'canaries', { ...rollout, ...change, metadata: changed });
    expect(woken).toEqual([`shop/web ${lane} canary`]);
  });

  it.each([
    ['another template of its target', 'web:1.4.2', 'web:1.4.3', 'rollback'],
    ['another status of its target', 'availableReplicas: 5', 'availableReplicas: 4', 'step'],
  ])('%s, what is asked before what follows', (_what, from, to, lane) => {
    put(stores, 'deployments', fromYaml(DEPLOYMENT));
    woken.length = 0;
    const changed = fromYaml(DEPLOYMENT.replace(from, to));
    put(stores, 'deployments', { ...changed, metadata: { ...changed.metadata, resourceVersion: '9' } });
    expect(woken).toEqual([`shop/web ${lane} target`]);
  });

  it('a DestinationRule of its namespace, where it goes by VirtualServices', () => {
    const canary = fromYaml(INGRESS_CANARY);
    const change = (namespace: string, version: string) => {
      const rule = named('DestinationRule', 'any', namespace);
      const metadata = { ...rule.metadata, resourceVersion: version };
      put(stores, 'destinationRules', { ...rule, metadata, spec: { host: 'any' } });
    };
    change('shop', '1');
    expect(woken).toEqual([]);
    const traffic = { istio: { virtualServices: [{ name: 'shop' }] } };
    put(stores, 'canaries', {
      ...canary,
      metadata: { ...canary.metadata, resourceVersion: '2' },
      spec: { ...(canary['spec'] as object), traffic },
    });
    woken.length = 0;
    change('shop', '2');
    change('other', '1');
    put(stores, 'virtualServices', named('VirtualService', 'shop'));
    put(stores, 'virtualServices', named('VirtualService', 'cart'));
    expect(woken).toEqual(['shop/web step destination rule', 'shop/web step route']);
  });

  it('a Canary that names what it names', () => {
    const metadata = { ...fromYaml(CANARY).metadata, name: 'other', uid: 'uid-other' };
    put(stores, 'canaries', { ...fromYaml(CANARY), metadata });
    expect(woken).toEqual(['shop/other step canary', 'shop/web undefined rival']);
  });

  it('any Deployment of the namespace while it waits for one to go', () => {
    const rollout = fromYaml(CANARY);
    const status = { conditions: [{ type: 'Ready', reason: 'SelectorOverlap' }] };
    put(stores, 'canaries', { ...rollout, status, metadata: { ...rollout.metadata, resourceVersion: '2' } });
    woken.length = 0;
    put(stores, 'deployments', revision('uid-other'));
    expect(woken).toEqual(['shop/web undefined overlap']);
  });

  it('a template that it names', () => {
    const rollout = fromYaml(CANARY);
    const spec = { ...(rollout['spec'] as object), analysis: { templateRef: { name: 'slo' } } };
    put(stores, 'canaries', { ...rollout, spec, metadata: { ...rollout.metadata, resourceVersion: '2' } });
    woken.length = 0;
    put(stores, 'templates', named('AnalysisTemplate', 'slo'));
    expect(woken).toEqual(['shop/web step analysis template']);
  });
});
