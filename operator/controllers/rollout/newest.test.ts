// SPDX-License-Identifier: Apache-2.0
import { canaryKind } from '../canary/kind.ts';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../kube/objects.ts';
import { resources } from '../../kube/resources.ts';
import { createFakeClock, type FakeClock } from '../../runtime/fake-clock.ts';
import { createOwnWrites } from '../../runtime/own-writes.ts';
import type { StoreSink } from '../../runtime/store.ts';
import { hadToReadLive, type NewestParts } from './newest.ts';
import type { RolloutStores } from './stores.ts';
import { createTestClient, type TestClient } from './test-client.ts';
import { CANARY, canaryFrom, fromYaml, INGRESS_CANARY, put, shownIn, storesWith } from './test-objects.ts';
import { createWriteLedger } from './write-ledger.ts';

const KEY = 'shop/web';
const GATEWAY = `${CANARY}  traffic: {gateway: {routes: [{kind: HTTPRoute, name: shop}, {kind: GRPCRoute, name: shop}]}}\n`;
const OWN_ROUTE = `${CANARY}  traffic: {gateway: {template: {parentRefs: [{name: edge}]}}}\n`;

let clock: FakeClock;
let server: TestClient;
let stores: RolloutStores;
let parts: NewestParts;

function object(name: string, more: object = {}): KubeObject {
  const given = fromYaml(`{apiVersion: v1, kind: Thing, metadata: {name: ${name}}, spec: {}}`);
  return { ...given, metadata: { ...given.metadata, ...more } };
}

const OWNED = {
  labels: { 'headway.dev/canary': 'web', 'headway.dev/revision': 'aaa' },
  ownerReferences: [{ apiVersion: 'v1', kind: 'Canary', name: 'web', uid: 'uid-web', controller: true }],
};

beforeEach(() => {
  clock = createFakeClock();
  server = createTestClient();
  stores = storesWith({ canaries: [fromYaml(CANARY)] });
  server.live = (plural) => shownIn(stores, plural);
  parts = {
    client: server.client,
    stores,
    kind: canaryKind,
    ledger: createWriteLedger(createOwnWrites(clock), stores.canaries, { since: () => 0 }),
  };
});

/** What settle comes to within 50 ms. */
async function settled(): Promise<boolean> {
  const waiting = parts.ledger.settle(KEY, { timeoutMs: 50, signal: new AbortController().signal });
  await clock.settle();
  await clock.advance(60);
  return waiting;
}

/** The API server has this besides what the stores show, or in its place. */
function newer(plural: string, changed: KubeObject): void {
  server.live = (asked) => {
    const others = shownIn(stores, asked).filter(({ metadata }) => metadata.name !== changed.metadata.name);
    return asked === plural ? [...others, changed] : shownIn(stores, asked);
  };
}

const WRITTEN: readonly (readonly [keyof RolloutStores, string, string, object])[] = [
  ['canaries', 'web', CANARY, {}],
  ['deployments', 'web', CANARY, {}],
  ['deployments', 'web-aaa', CANARY, OWNED],
  ['services', 'checkout', CANARY, {}],
  ['services', 'checkout-canary', CANARY, {}],
  ['ingresses', 'shop-canary', INGRESS_CANARY, {}],
  ['httpRoutes', 'shop', GATEWAY, {}],
  ['grpcRoutes', 'shop', GATEWAY, {}],
  ['httpRoutes', 'web', OWN_ROUTE, {}],
];

describe('what a process meets for the first time', () => {
  it('it meets once', async () => {
    expect(await hadToReadLive(parts, canaryFrom())).toBe(true);
    expect(await hadToReadLive(parts, canaryFrom())).toBe(false);
    expect(await settled()).toBe(true);
  });

  it.each(WRITTEN)('is waited for where %s %s has changed unheard', async (kind, name, yaml, more) => {
    const changed = object(name, { ...more, resourceVersion: '9' });
    newer(stores[kind].name, changed);
    expect(await hadToReadLive(parts, canaryFrom(yaml))).toBe(true);
    expect(await settled()).toBe(false);
    (stores[kind] as unknown as StoreSink).advance('9');
    expect(await settled()).toBe(true);
  });

  it.each<[keyof RolloutStores, KubeObject]>([
    ['services', object('checkout-canary')],
    ['deployments', revision()],
  ])('is waited for where one of the %s has gone unheard', async (kind, gone) => {
    put(stores, kind, gone);
    server.live = (plural) =>
      shownIn(stores, plural).filter(({ metadata }) => metadata.name !== gone.metadata.name);
    expect(await hadToReadLive(parts, canaryFrom())).toBe(true);
    expect(await settled()).toBe(false);
    (stores[kind] as unknown as StoreSink).remove(gone);
    expect(await settled()).toBe(true);
  });

  it.each<[keyof RolloutStores, KubeObject]>([
    ['services', object('checkout-canary')],
    ['deployments', revision()],
  ])('is not waited for to go where one of the %s is made while it is read', async (kind, made) => {
    const { plural } = resources[kind as 'services'];
    server.live = (asked) => {
      const before = shownIn(stores, asked);
      if (asked === plural) put(stores, kind, made);
      return before;
    };
    expect(await hadToReadLive(parts, canaryFrom())).toBe(true);
    expect(await settled()).toBe(true);
  });

  it('is not met where the API server does not tell', async () => {
    server.live = () => {
      throw new Error('503');
    };
    await expect(hadToReadLive(parts, canaryFrom())).rejects.toThrow('503');
    server.live = (plural) => shownIn(stores, plural);
    expect(await hadToReadLive(parts, canaryFrom())).toBe(true);
  });

  it('is no matter of what belongs to another Canary', async () => {
    const other = { ...OWNED, labels: { 'headway.dev/canary': 'other' } };
    newer('deployments', object('other-aaa', { ...other, resourceVersion: '9' }));
    await hadToReadLive(parts, canaryFrom());
    expect(await settled()).toBe(true);
  });
});

function revision(): KubeObject {
  const spec = { replicas: 1, selector: {}, template: { metadata: {}, spec: { containers: [] } } };
  return { ...object('web-aaa', OWNED), spec };
}
