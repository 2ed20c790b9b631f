// SPDX-License-Identifier: Apache-2.0
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeClient } from './client.ts';
import { isAlreadyExists, isConflict, isFailedTest, isForbidden, isInvalid, isNotFound } from './errors.ts';
import { listAll } from './list-all.ts';
import type { KubeObject, WatchEvent } from './objects.ts';
import {
  configMap,
  connectDirectly,
  connectThroughProxy,
  createNamespace,
  type Proxied,
  until,
} from './real-server.ts';
import { resources } from './resources.ts';

const { configMaps } = resources;

let admin: KubeClient;
let namespace: string;
let through: Proxied;
let client: KubeClient;

beforeAll(async () => {
  admin = connectDirectly();
  namespace = await createNamespace(admin);
});

afterAll(async () => {
  await admin.delete(resources.namespaces, { name: namespace });
  await admin.close();
});

beforeEach(async () => {
  through = await connectThroughProxy();
  client = through.client;
});

afterEach(() => through.close());

async function caught(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (answer) => {
      throw new Error(`no refusal but ${JSON.stringify(answer)}`);
    },
    (error: unknown) => error,
  );
}

describe('connections', () => {
  it('200 calls in a row use at most 2, a watch has its own, and an idle pool keeps them', async () => {
    for (let count = 0; count < 200; count++) await client.list(configMaps, { namespace, limit: 1 });
    expect(through.proxy.accepted()).toBeLessThanOrEqual(2);

    const callsOpen = through.proxy.open();
    const controller = new AbortController();
    const watching = readWatch({ signal: controller.signal });
    await until('the watch is open', () => through.proxy.open() === callsOpen + 1);
    controller.abort(new Error('enough'));
    expect(await caught(watching)).toEqual(new Error('enough'));
    await until('the watch is closed', () => through.proxy.open() === callsOpen);

    await client.raw('GET', '/version');
    expect(through.proxy.accepted()).toBe(callsOpen + 1);
  });

  it('a get survives that its kept-alive connection was reset', async () => {
    await client.raw('GET', '/version');

    through.proxy.kill();

    expect(JSON.parse(await client.raw('GET', '/version'))).toHaveProperty('gitVersion');
  });

  it('a call on a connection that hangs ends at its timeout', async () => {
    await client.raw('GET', '/version');
    through.proxy.silence('hang');

    const failure = await caught(client.get(configMaps, { namespace, name: 'x' }, { timeoutMs: 300 }));

    expect(failure).toMatchObject({ failure: 'timeout' });
  });
});

async function readWatch(options: {
  signal?: AbortSignal;
  resourceVersion?: string;
  timeoutSeconds?: number;
}) {
  const events: WatchEvent[] = [];
  for await (const event of client.watch(configMaps, { namespace, ...options })) events.push(event);
  return events;
}

describe('refusals', () => {
  it('have the meaning that their predicates say', async () => {
    const made = await client.create(configMaps, configMap(namespace, 'refusals'));
    const ref = { namespace, name: 'refusals' };
    const stale = { ...made, data: { a: '1' } };
    await client.mergePatch(configMaps, ref, { patch: { data: { a: '2' } } });

    expect(isNotFound(await caught(client.get(configMaps, { namespace, name: 'absent' })))).toBe(true);
    expect(isAlreadyExists(await caught(client.create(configMaps, configMap(namespace, 'refusals'))))).toBe(
      true,
    );
    expect(isConflict(await caught(client.update(configMaps, stale)))).toBe(true);
    expect(isConflict(await caught(client.delete(configMaps, ref, { uid: 'another' })))).toBe(true);
    const { resourceVersion } = made.metadata;
    expect(isConflict(await caught(client.delete(configMaps, ref, { resourceVersion })))).toBe(true);
    expect(isInvalid(await caught(client.create(configMaps, configMap(namespace, 'Not A Name'))))).toBe(true);
    expect(isNotFound(await caught(client.list({ ...resources.canaries, plural: 'nothings' })))).toBe(true);
  });

  it('a ServiceAccount without rights is told what it may not do', async () => {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts`;
    await admin.raw('POST', path, { body: { metadata: { name: 'nobody' } } });
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const answer = JSON.parse(await admin.raw('POST', `${path}/nobody/token`, { body: request })) as {
      status: { token: string };
    };
    const nobody = await connectThroughProxy({ token: answer.status.token });

    const refusal = await caught(nobody.client.list(resources.deployments, { namespace }));
    await nobody.close();

    expect(isForbidden(refusal)).toBe(true);
    expect(refusal).toMatchObject({
      verb: 'list',
      namespace,
      message: expect.stringContaining(
        `cannot list resource "deployments" in API group "apps" in the namespace`,
      ),
    });
  });
});

describe('server-side apply', () => {
  const ref = () => ({ namespace, name: 'applied' });
  const apply = (data: Record<string, string>, fieldManager: string, options = {}) =>
    client.apply(configMaps, { metadata: ref(), data }, { fieldManager, ...options });

  it('creates, owns fields, refuses those of others unless forced, and removes what is left out', async () => {
    const made = await apply({ a: '1', b: '1' }, 'one');
    expect(made).toMatchObject({ kind: 'ConfigMap', data: { a: '1', b: '1' } });

    const conflict = await caught(apply({ a: '2' }, 'two'));
    expect(isConflict(conflict)).toBe(true);
    expect((conflict as Error).message).toContain('conflict with "one"');

    expect((await apply({ a: '2' }, 'two', { force: true }))['data']).toEqual({ a: '2', b: '1' });
    expect((await apply({}, 'one'))['data']).toEqual({ a: '2' });
  });

  it('of the same again changes nothing', async () => {
    const first = await apply({ same: '1' }, 'same');

    const second = await apply({ same: '1' }, 'same');

    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  it('as a dry run is admitted and not stored', async () => {
    const dry = await client.apply(
      configMaps,
      { metadata: { namespace, name: 'dry' }, data: { a: '1' } },
      { fieldManager: 'one', dryRun: true },
    );

    expect(dry['data']).toEqual({ a: '1' });
    expect(isNotFound(await caught(client.get(configMaps, { namespace, name: 'dry' })))).toBe(true);
  });

  it('with the uid of an object that is no more is refused', async () => {
    await apply({ a: '1' }, 'one', { force: true });

    const refusal = await caught(
      client.apply(configMaps, { metadata: { ...ref(), uid: 'gone' }, data: {} }, { fieldManager: 'one' }),
    );

    expect(isInvalid(refusal)).toBe(true);
    expect((refusal as Error).message).toContain('metadata.uid: Invalid value: "gone": field is immutable');
  });

  it('of a status touches only the status', async () => {
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const spec = { replicas: 0, selector: { matchLabels: { a: 'b' } }, template };
    await client.apply(
      resources.deployments,
      { metadata: { namespace, name: 'web' }, spec },
      { fieldManager: 'one' },
    );

    const written = await client.apply(
      resources.deployments,
      { metadata: { namespace, name: 'web' }, spec: { replicas: 9 }, status: { collisionCount: 7 } },
      { fieldManager: 'two', subresource: 'status' },
    );

    expect(written).toMatchObject({ spec: { replicas: 0 }, status: { collisionCount: 7 } });
  });
});

describe('JSON Patch', () => {
  it('changes all or, when a test does not hold, nothing', async () => {
    const ref = { namespace, name: 'patched' };
    const { metadata } = await client.create(configMaps, configMap(namespace, 'patched', { a: '1' }));
    const replace = (value: string, resourceVersion: string | undefined) =>
      client.jsonPatch(configMaps, ref, {
        operations: [
          { op: 'replace', path: '/data/a', value },
          { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
        ],
      });
    const changed = await replace('2', metadata.resourceVersion);
    expect(changed['data']).toEqual({ a: '2' });

    const refusal = await caught(replace('3', metadata.resourceVersion));

    expect(isFailedTest(refusal)).toBe(true);
    expect((await client.get(configMaps, ref)).metadata.resourceVersion).toBe(
      changed.metadata.resourceVersion,
    );
  });

  it('that makes something invalid is refused with the field, unlike a test that does not hold', async () => {
    const ref = { namespace, name: 'made-invalid' };
    await client.create(configMaps, configMap(namespace, 'made-invalid', { a: '1' }));

    const refusal = await caught(
      client.jsonPatch(configMaps, ref, {
        operations: [{ op: 'add', path: '/data/not a key', value: '1' }],
      }),
    );

    expect(isInvalid(refusal)).toBe(true);
    expect(isFailedTest(refusal)).toBe(false);
    expect((refusal as Error).message).toContain('data[not a key]');
  });
});

describe('lists', () => {
  it('come in pages from one snapshot', async () => {
    for (let count = 0; count < 5; count++) {
      const { metadata, ...rest } = configMap(namespace, `page-${count}`);
      await client.create(configMaps, { ...rest, metadata: { ...metadata, labels: { paged: 'yes' } } });
    }
    const options = { namespace, labelSelector: 'paged=yes', limit: 2 };

    const first = await client.list(configMaps, options);
    const names = (await listAll(client, configMaps, options)).map(({ metadata }) => metadata.name);

    expect(first.items).toHaveLength(2);
    expect(first.metadata.continue).toBeTruthy();
    expect(names).toEqual(['page-0', 'page-1', 'page-2', 'page-3', 'page-4']);
  });
});

describe('watches', () => {
  it('tell every change from a resourceVersion on and end in good order at the server’s time', async () => {
    const list = await client.list(configMaps, { namespace });
    const made = await client.create(configMaps, configMap(namespace, 'watched'));
    await client.delete(configMaps, { namespace, name: 'watched' }, { uid: made.metadata.uid });

    const { resourceVersion } = list.metadata;
    const events = await readWatch({ resourceVersion, timeoutSeconds: 1 });

    const named = (object: KubeObject) => object.metadata.name;
    expect(
      events.filter(({ type }) => type !== 'BOOKMARK').map((event) => [event.type, named(event.object)]),
    ).toEqual([
      ['ADDED', 'watched'],
      ['DELETED', 'watched'],
    ]);
  });

  it('throw when their connection breaks', async () => {
    const watching = caught(readWatch({}));
    await until('the watch is open', () => through.proxy.open() === 1);

    through.proxy.kill();

    expect(await watching).toMatchObject({ name: 'KubeConnectionError', failure: 'connection' });
  });
});
