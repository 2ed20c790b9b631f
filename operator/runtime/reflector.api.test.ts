// SPDX-License-Identifier: Apache-2.0
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startPart, stopPart } from '../../test/cluster/faults.ts';
import type { KubeClient } from '../kube/client.ts';
import {
  configMap,
  connectDirectly,
  connectThroughProxy,
  createNamespace,
  type Proxied,
  until,
} from '../kube/real-server.ts';
import { resources } from '../kube/resources.ts';
import { type Clock, systemClock } from './clock.ts';
import { createStore } from './create-store.ts';
import { createHurriedClock } from './hurried-clock.ts';
import { listWatchOf } from './list-watch.ts';
import { silentLog } from './log.ts';
import { createOwnWrites } from './own-writes.ts';
import { createReflector, type Reflector } from './reflector.ts';
import type { Store, StoreSink } from './store.ts';

const { configMaps } = resources;
const ETCD = 'http://127.0.0.1:2379';

let admin: KubeClient;
let namespace: string;
let through: Proxied;
let store: Store<unknown> & StoreSink;
let reflector: Reflector;
let ends: string[];
let lists: number;

beforeAll(async () => {
  admin = connectDirectly();
});

afterAll(() => admin.close());

beforeEach(async () => {
  namespace = await createNamespace(admin);
  through = await connectThroughProxy();
  ends = [];
  lists = 0;
});

afterEach(async () => {
  await reflector.stop();
  await through.close();
  await admin.delete(resources.namespaces, { name: namespace });
});

function reflect(clock: Clock): void {
  store = createStore<unknown>({
    name: 'configmaps',
    project: (object) => object['data'],
    onError: (where, key, error) => {
      throw new Error(`${where} ${key}`, { cause: error });
    },
  });
  reflector = createReflector({
    name: 'configmaps',
    source: listWatchOf(through.client, configMaps, { namespace }),
    sink: store,
    clock,
    log: silentLog,
    metrics: { watchEnded: (_, end) => ends.push(end), listed: () => (lists += 1) },
  });
  reflector.start();
}

async function put(name: string, value: string): Promise<void> {
  const { metadata, ...rest } = configMap(namespace, name, { value });
  await admin.apply(
    configMaps,
    { ...rest, metadata: { name, namespace: metadata.namespace } },
    { fieldManager: 'test' },
  );
}

/** The store holds exactly what the API server does, by uid and resourceVersion. */
async function equalsServer(): Promise<boolean> {
  const { items } = await admin.list(configMaps, { namespace });
  const served = items.map(
    ({ metadata }) => `${namespace}/${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`,
  );
  const shown = store
    .keys()
    .map((key) => `${key} ${store.entry(key)?.uid} ${store.entry(key)?.resourceVersion}`);
  return served.toSorted().join() === shown.toSorted().join();
}

async function started(clock: Clock = systemClock): Promise<void> {
  await put('before', '1');
  reflect(clock);
  await until('the first list is in', () => reflector.hasSynced());
  expect(await equalsServer()).toBe(true);
  await until('the watch is open', () => through.proxy.open() > 0);
}

async function change(): Promise<void> {
  await put('before', `${Math.random()}`);
  await put('new', '1');
  await put('short-lived', '1');
  await admin.delete(configMaps, { namespace, name: 'short-lived' });
}

describe('the store of a real resource', () => {
  it('follows changes, and shows own writes soon', async () => {
    await started();
    const writes = createOwnWrites(systemClock);

    const written = await admin.create(configMaps, configMap(namespace, 'own'));
    writes.record(store, written);

    expect(await writes.whenCaughtUp(store, `${namespace}/own`, { timeoutMs: 5000 })).toBe(true);
    expect(store.entry(`${namespace}/own`)?.uid).toBe(written.metadata.uid);
    await change();
    await until('the store equals the server', equalsServer);
  });

  it('survives connections that are reset, again and again', async () => {
    await started();

    for (let round = 0; round < 3; round++) {
      through.proxy.kill();
      await change();
      await until('the store equals the server', equalsServer);
      await until('the watch is open again', () => through.proxy.open() > 0);
    }

    expect(lists).toBe(1);
    expect(ends).toContain('failed');
  });

  it('notices a watch that has gone silent, and misses nothing', async () => {
    await started(createHurriedClock(20)); // 90 s pass in 4.5 s
    through.proxy.silence('work');
    await change();

    await until('the store equals the server', equalsServer);

    expect(ends).toContain('idle');
    expect(lists).toBe(1);
  });

  it('shows an object that was deleted and made again while nobody listened as two', async () => {
    await started();
    const seen: string[] = [];
    store.onChange(({ type, entry }) => seen.push(`${type} ${entry.name}`));
    through.proxy.admit(false);
    through.proxy.kill();
    await admin.delete(configMaps, { namespace, name: 'before' });
    await put('before', '2');

    through.proxy.admit(true);

    await until('the store equals the server', equalsServer);
    expect(seen.filter((each) => each.endsWith(' before'))).toEqual(['delete before', 'add before']);
  });
});

describe('with an API server that is restarted', () => {
  const cluster = process.env['HEADWAY_CLUSTER'] ?? '';

  it('the store equals it again, without having been emptied', async () => {
    await started();
    const sizes: number[] = [];
    store.onChange(() => sizes.push(store.size));

    await stopPart(cluster, 'apiserver', 'SIGKILL');
    await until('the watch has ended', () => ends.length > 0);
    await startPart(cluster, 'apiserver');
    await put('after', '1');

    await until('the store equals the server', equalsServer, 60_000);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
  });

  it('and a history that was compacted meanwhile, it lists again and misses nothing', async () => {
    await started();
    through.proxy.admit(false);
    through.proxy.kill();
    await change();
    await compactEtcd();
    // its cache in memory would still know the old changes
    await stopPart(cluster, 'apiserver');
    await startPart(cluster, 'apiserver');
    expect(lists).toBe(1);

    through.proxy.admit(true);

    await until('the store equals the server', equalsServer, 60_000);
    expect(ends).toContain('expired');
    expect(lists).toBeGreaterThan(1);
  });
});

/** Forgets all revisions of etcd but the newest. */
async function compactEtcd(): Promise<void> {
  const post = async (path: string, body: object): Promise<unknown> => {
    const answer = await fetch(`${ETCD}${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`etcd ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const key = Buffer.from('a').toString('base64');
  const { header } = (await post('/v3/kv/range', { key })) as { header: { revision: string } };
  await post('/v3/kv/compaction', { revision: header.revision, physical: true });
}
