// SPDX-License-Identifier: Apache-2.0
// What the router takes for granted about Istio's CRDs, asked of a real API server: what they keep, who owns the http
// routes, what the copies look like, and that a patch of an older version is refused.
// oxlint-disable no-restricted-imports -- the CRDs come with the test cluster, and copies want an owner that exists
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { kubectl } from '../../../crd/test-server.ts';
import { usePlace } from '../../../crd/use-place.ts';
import type { JsonPatchOperation, KubeObject } from '../../../kube/objects.ts';
import { resources } from '../../../kube/resources.ts';
import { installIstioCrds } from '../../../../test/cluster/istio-crds.ts';
import { performAll } from '../test-writes.ts';
import type { RouteSplit } from '../types.ts';
import { istioRouter } from './router.ts';
import { type IstioTarget, projectDestinationRule, projectVirtualService } from './schema.ts';
import { SHAPES } from './shapes.ts';
import { destinationsOf, specOf } from './test-objects.ts';

const SPLITS: readonly RouteSplit[] = [
  { weight: 0 },
  { weight: 0, matched: true },
  { weight: 1, matched: true },
  { weight: 33, matched: true },
  { weight: 100, matched: true },
  { weight: 0 },
  { weight: 20, matched: true },
];

const TEST_MS = 60_000;
const VIRTUAL_SERVICES = resources.virtualServices;
const RULES = resources.destinationRules;

const place = usePlace(async () => {
  await installIstioCrds(kubectl);
});

/** As GitOps makes it, from the YAML of its spec; the namespace that a shape names is that of the test. */
function apply(resource: typeof VIRTUAL_SERVICES, name: string, spec: string): Promise<KubeObject> {
  const { namespace, client } = place;
  const text = spec.replaceAll('.shop.svc', `.${namespace}.svc`);
  const object = { metadata: { name, namespace }, spec: parse(text) as object };
  return client.apply(resource, object, { fieldManager: 'gitops', force: true });
}

async function applyCanary(): Promise<string> {
  const spec = {
    targetRef: { kind: 'Deployment', name: 'checkout' },
    service: { name: 'checkout' },
    traffic: { istio: { virtualServices: [{ name: 'web' }] } },
    steps: [{ setWeight: 20 }],
  };
  const object = { metadata: { name: 'checkout', namespace: place.namespace }, spec };
  const options = { fieldManager: 'gitops', force: true };
  return (await place.client.apply(resources.canaries, object, options)).metadata.uid ?? '';
}

function live(): Promise<KubeObject> {
  return place.client.get(VIRTUAL_SERVICES, { namespace: place.namespace, name: 'web' });
}

async function target(more: Partial<IstioTarget> = {}): Promise<IstioTarget> {
  const { namespace, client } = place;
  const rules = await client.list(RULES, { namespace });
  return {
    namespace,
    canary: { kind: 'Canary', name: 'checkout', uid: 'uid' },
    service: 'checkout',
    canaryService: 'checkout-canary',
    match: [{ headers: { 'x-canary': { exact: 'always' } } }],
    virtualServices: [{ name: 'web', found: projectVirtualService(await live()) }],
    destinationRules: rules.items.map(projectDestinationRule),
    isServed: true,
    podLabels: { app: 'checkout' },
    ...more,
  };
}

function bringTo(split: RouteSplit, more: Partial<IstioTarget> = {}): Promise<number> {
  return performAll(place, async () => istioRouter.planWeight(await target(more), split));
}

function rest(more: Partial<IstioTarget> = {}): Promise<number> {
  return performAll(place, async () => istioRouter.planRest(await target(more)));
}

async function observed(more: Partial<IstioTarget> = {}) {
  return istioRouter.observe(await target(more));
}

/** What a user can see of it; bookkeeping aside. */
function textOf({ spec, metadata: { annotations, labels } }: KubeObject): string {
  return JSON.stringify({ spec, annotations, labels });
}

function ownNames(texts: readonly string[]): string[] {
  return texts.map((text) => text.replaceAll('.shop.svc', `.${place.namespace}.svc`));
}

describe.each(SHAPES)('a VirtualService $title, on a real API server', ({ spec, at20 }) => {
  it(
    'takes each weight in one write, is quiet then, and comes back to the byte',
    async () => {
      const before = await apply(VIRTUAL_SERVICES, 'web', spec);
      for (const split of SPLITS) {
        expect([split, await bringTo(split)]).toEqual([split, 1]);
        const { weight, matched = false } = split;
        expect(await observed()).toMatchObject({ weight, matched, exists: true, outdated: false });
      }
      await bringTo({ weight: 20 });
      expect(destinationsOf(await live())).toEqual(ownNames(at20));
      expect(await rest()).toBe(1);
      expect(textOf(await live())).toBe(textOf(before));
      expect(await rest()).toBe(0);
    },
    TEST_MS,
  );

  it(
    'has its weights again after GitOps has applied it anew',
    async () => {
      const before = await apply(VIRTUAL_SERVICES, 'web', spec);
      await bringTo({ weight: 20, matched: true });
      await apply(VIRTUAL_SERVICES, 'web', spec);
      expect(await observed()).toMatchObject({
        weight: 0,
        exists: false,
        outdated: true,
        overwritten: { field: 'spec.http of VirtualService web', manager: 'gitops' },
      });
      expect(await bringTo({ weight: 20, matched: true })).toBe(1);
      expect(await observed()).toMatchObject({ weight: 20, matched: true, outdated: false });
      await rest();
      expect(textOf(await live())).toBe(textOf(before));
    },
    TEST_MS,
  );
});

const PLAIN = 'hosts: [checkout]\nhttp: [{route: [{destination: {host: checkout}}]}]';
const POLICY = `
host: checkout
trafficPolicy: {tls: {mode: ISTIO_MUTUAL}, connectionPool: {tcp: {connectTimeout: 1s}}, outlierDetection: {interval: 5s}}
subsets: [{name: main, labels: {app: checkout}, trafficPolicy: {loadBalancer: {simple: LEAST_REQUEST}}}]
`;

function copyText(): Promise<KubeObject> {
  return place.client.get(RULES, { namespace: place.namespace, name: 'checkout-canary' });
}

function edit(name: string, ...operations: readonly JsonPatchOperation[]): Promise<KubeObject> {
  const { client, namespace } = place;
  return client.jsonPatch(RULES, { namespace, name }, { operations, fieldManager: 'somebody' });
}

describe('a DestinationRule, on a real API server', () => {
  it(
    'has a copy as long as the canary has a place',
    async () => {
      const canary = { kind: 'Canary', name: 'checkout', uid: await applyCanary() };
      await apply(VIRTUAL_SERVICES, 'web', PLAIN);
      const original = await apply(RULES, 'checkout', POLICY);
      expect(await bringTo({ weight: 0 }, { canary })).toBe(2);
      expect((await copyText())['spec']).toEqual({ ...specOf(original), host: 'checkout-canary' });
      expect(await bringTo({ weight: 20 }, { canary })).toBe(1);
      expect(await observed({ canary })).toMatchObject({ weight: 20, outdated: false, problems: [] });

      await apply(RULES, 'checkout', 'host: checkout\ntrafficPolicy: {tls: {mode: DISABLE}}');
      expect(await bringTo({ weight: 20 }, { canary })).toBe(1);
      expect((await copyText())['spec']).toEqual({
        host: 'checkout-canary',
        trafficPolicy: { tls: { mode: 'DISABLE' } },
      });

      expect(await rest({ canary })).toBe(2);
      const { items } = await place.client.list(RULES, { namespace: place.namespace });
      expect(items.map(({ metadata }) => metadata.name)).toEqual(['checkout']);
    },
    TEST_MS,
  );

  it(
    'has a copy that is put right, whatever somebody did to it',
    async () => {
      const canary = { kind: 'Canary', name: 'checkout', uid: await applyCanary() };
      await apply(VIRTUAL_SERVICES, 'web', PLAIN);
      await apply(RULES, 'checkout', POLICY);
      await bringTo({ weight: 20 }, { canary });
      const before = (await copyText())['spec'];
      await edit(
        'checkout-canary',
        { op: 'add', path: '/spec/exportTo', value: ['.'] },
        { op: 'remove', path: '/spec/trafficPolicy/tls' },
      );
      expect(await observed({ canary })).toMatchObject({
        weight: 20,
        outdated: true,
        overwritten: { field: 'spec of DestinationRule checkout-canary', manager: 'somebody' },
      });
      expect(await bringTo({ weight: 20 }, { canary })).toBe(1);
      expect((await copyText())['spec']).toEqual(before);
      expect(await observed({ canary })).not.toHaveProperty('overwritten');
    },
    TEST_MS,
  );
});

describe('Istio’s CRDs', () => {
  it('tell who wrote the http routes, as one value', async () => {
    const writer = async () => projectVirtualService(await live()).writer;
    await apply(VIRTUAL_SERVICES, 'web', PLAIN);
    expect(await writer()).toBe('gitops');
    await bringTo({ weight: 20 });
    expect(await writer()).toBe('headway');
    expect(await observed()).not.toHaveProperty('overwritten');
  });

  it('let nobody write http routes that have changed since they were read', async () => {
    await apply(VIRTUAL_SERVICES, 'web', PLAIN);
    const writes = istioRouter.planWeight(await target(), { weight: 20 });
    await apply(VIRTUAL_SERVICES, 'web', `${PLAIN}\ngateways: [mesh]`);
    await expect(performAll(place, async () => writes)).rejects.toMatchObject({ status: 422 });
    expect(destinationsOf(await live())).toEqual(['checkout -']);
  });

  it('refuse what the router need not tell', async () => {
    const refusal = (spec: string) => apply(VIRTUAL_SERVICES, 'web', spec).catch(String);
    expect(await refusal('http: [{route: [{weight: 1}]}]')).toContain('destination');
    expect(await refusal('http: [{route: [{destination: {subset: a}}]}]')).toContain('host');
  });
});
