// SPDX-License-Identifier: Apache-2.0
// What a reflector makes of a CRD that comes and goes, on a real API server.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startPart, stopPart } from '../../test/cluster/faults.ts';
import type { KubeClient } from '../kube/client.ts';
import { isNotFound } from '../kube/errors.ts';
import { connectDirectly, until } from '../kube/real-server.ts';
import { type Resource, resources } from '../kube/resources.ts';
import { createStore } from './create-store.ts';
import { createHurriedClock } from './hurried-clock.ts';
import { listWatchOf } from './list-watch.ts';
import { silentLog } from './log.ts';
import { createReflector, type Reflector } from './reflector.ts';
import type { Store, StoreSink } from './store.ts';

const group = 'reflector.test';
const lamps: Resource = { group, version: 'v1', plural: 'lamps', kind: 'Lamp', namespaced: true };
const definitionName = `lamps.${group}`;
const namespace = 'default';

let admin: KubeClient;
let store: Store<unknown> & StoreSink;
let reflector: Reflector;
let told: boolean[];
let lists: number;

beforeAll(() => {
  admin = connectDirectly();
});

afterAll(() => admin.close());

beforeEach(() => {
  told = [];
  lists = 0;
  store = createStore<unknown>({
    name: 'lamps',
    project: () => ({}),
    onError: (where, key, error) => {
      throw new Error(`${where} ${key}`, { cause: error });
    },
  });
  const real = listWatchOf(admin, lamps);
  reflector = createReflector({
    name: 'lamps',
    source: {
      ...real,
      list(page) {
        lists += 1;
        return real.list(page);
      },
    },
    sink: store,
    clock: createHurriedClock(10), // 30 s pass in 3 s
    log: silentLog,
    onServed: (isServed) => told.push(isServed),
  });
});

afterEach(async () => {
  await reflector.stop();
  await removeDefinition();
});

async function installDefinition(): Promise<void> {
  const version = {
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: { type: 'object' } },
  };
  await admin.create(resources.customResourceDefinitions, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: definitionName },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'lamps', singular: 'lamp', kind: 'Lamp' },
      versions: [version],
    },
  });
}

/** Resolves when the definition is gone, which takes its objects with it. */
async function removeDefinition(): Promise<void> {
  const name = definitionName;
  await admin.delete(resources.customResourceDefinitions, { name }).catch(unlessNotFound);
  await until('the definition is gone', () =>
    admin.get(resources.customResourceDefinitions, { name }).then(
      () => false,
      (error: unknown) => unlessNotFound(error) ?? true,
    ),
  );
}

function unlessNotFound(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}

/** Also while the API server has not heard of the kind yet. */
async function put(name: string): Promise<void> {
  const object = { apiVersion: `${group}/v1`, kind: 'Lamp', metadata: { namespace, name } };
  await until(`Lamp ${name} is taken`, () =>
    admin.create(lamps, object).then(
      () => true,
      (error: unknown) => unlessNotFound(error) ?? false,
    ),
  );
}

describe('a reflector of a kind whose CRD comes and goes', () => {
  it('is synced without it, fills when it is installed, empties when it is removed, and again', async () => {
    reflector.start();
    await until('the absence is known', () => told.length === 1);
    expect(reflector.hasSynced()).toBe(true);

    for (const round of [1, 2]) {
      await installDefinition();
      await put(`lamp-${round}`);
      await until('the lamp is there', () => store.keys().join() === `${namespace}/lamp-${round}`);
      await removeDefinition();
      await until('the lamp is gone', () => store.size === 0);
      await until('the absence is known', () => told.length === 1 + 2 * round, 60_000);
    }

    expect(told).toEqual([false, true, false, true, false]);
  });

  it('asks rarely while it is absent', async () => {
    reflector.start();
    await until('the absence is known', () => told.length === 1);
    const before = lists;
    const startMs = performance.now();
    await until('four more questions', () => lists >= before + 4, 60_000);
    // 30 s less a fifth at most, ten times as fast
    expect(performance.now() - startMs).toBeGreaterThan(3 * 2400);
    expect(told).toEqual([false]);
  });

  it('does not take an API server that starts for one without the kind', async () => {
    await installDefinition();
    await put('kept');
    reflector.start();
    await until('the lamp is there', () => store.size === 1);
    const sizes: number[] = [];
    store.onChange(() => sizes.push(store.size));

    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      await stopPart(process.env['HEADWAY_CLUSTER'] ?? '', 'apiserver', signal);
      await startPart(process.env['HEADWAY_CLUSTER'] ?? '', 'apiserver');
      await put(`after-${signal.toLowerCase()}`);
      const size = signal === 'SIGKILL' ? 2 : 3;
      await until('the new lamp is there', () => store.size === size, 60_000);
    }

    expect(told).toEqual([true]);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
  });
});
