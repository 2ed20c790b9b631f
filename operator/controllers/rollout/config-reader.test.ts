// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import { decodeApiError } from '../../kube/errors.ts';
import type { KubeObject, ObjectName } from '../../kube/objects.ts';
import type { Resource } from '../../kube/resources.ts';
import { createFakeClock, type FakeClock } from '../../runtime/fake-clock.ts';
import type { StoreSink } from '../../runtime/store.ts';
import { type ConfigReader, contentOf, createConfigReader } from './config-reader.ts';
import type { RolloutStores } from './stores.ts';
import { CANARY, canaryFrom, DEPLOYMENT, fromYaml, put, storesWith } from './test-objects.ts';

const SECRET = 'open sesame';
const READS = `
          envFrom: [{configMapRef: {name: app}}, {secretRef: {name: token}}]`;
const TARGET = DEPLOYMENT.replace(
  /- \{name: web, image: ("[^"]*"), ports: .*\}/,
  (_all, image: string) => `- name: web\n          image: ${image}${READS}`,
);
const VERSIONED = canaryFrom(`${CANARY}  config: {secrets: Versioned}\n`);

let stores: RolloutStores;
let objects: Map<string, KubeObject>;
let asked: string[];
let refusal: number | undefined;
let clock: FakeClock;
let reader: ConfigReader;

function map(kind: string, name: string, version: string, data: object): KubeObject {
  const object = fromYaml(`{apiVersion: v1, kind: ${kind}, metadata: {name: ${name}}}`);
  return { ...object, metadata: { ...object.metadata, resourceVersion: version }, data };
}

/** As the API server: stored, and told to the watch of ConfigMaps by its metadata. */
function store(object: KubeObject): void {
  objects.set(`${object.kind} ${object.metadata.name}`, object);
  const { apiVersion, kind, metadata } = object;
  if (kind === 'ConfigMap') put(stores, 'configMaps', { apiVersion, kind, metadata });
}

beforeEach(() => {
  stores = storesWith({ deployments: [fromYaml(TARGET)] });
  objects = new Map();
  asked = [];
  refusal = undefined;
  clock = createFakeClock();
  const get = async (resource: Resource, { name }: ObjectName, options?: { metadataOnly?: boolean }) => {
    asked.push(`${resource.kind} ${name}${options?.metadataOnly ? ', metadata' : ''}`);
    const object = objects.get(`${resource.kind} ${name}`);
    const status = refusal ?? (object ? undefined : 404);
    if (status !== undefined) {
      const body = JSON.stringify({ kind: 'Status', message: `${name} is refused` });
      throw decodeApiError({ verb: 'get', resource, namespace: 'shop', name }, { status, body });
    }
    return object as never;
  };
  reader = createConfigReader({ client: { get }, stores, clock });
});

describe('a ConfigMap', () => {
  it('is read once for each of its versions', async () => {
    store(map('ConfigMap', 'app', '5', { level: 'info' }));
    const first = await reader.read(canaryFrom());
    await reader.read(canaryFrom());
    expect(asked).toEqual(['ConfigMap app']);
    store(map('ConfigMap', 'app', '6', { level: 'debug' }));
    const second = await reader.read(canaryFrom());
    store(map('ConfigMap', 'app', '7', { level: 'info' }));
    const third = await reader.read(canaryFrom());
    expect(asked).toHaveLength(3);
    const content = (snapshot: typeof first) => snapshot.get('ConfigMap/app')?.content;
    expect(content(second)).not.toBe(content(first));
    expect(content(third)).toBe(content(first));
  });

  it('that is not there is absent, without a question', async () => {
    const snapshot = await reader.read(canaryFrom());
    expect(snapshot.get('ConfigMap/app')).toEqual({ content: 'absent', id: 'absent', ownerUids: [] });
    expect(asked).toEqual([]);
  });

  it('that is gone and there again is read anew', async () => {
    const object = map('ConfigMap', 'app', '5', { level: 'info' });
    store(object);
    await reader.read(canaryFrom());
    (stores.configMaps as unknown as StoreSink).remove(object);
    expect((await reader.read(canaryFrom())).get('ConfigMap/app')?.content).toBe('absent');
    store(object);
    await reader.read(canaryFrom());
    expect(asked).toEqual(['ConfigMap app', 'ConfigMap app']);
  });

  it('is not read where the Canary leaves it live', async () => {
    store(map('ConfigMap', 'app', '5', {}));
    const snapshot = await reader.read(canaryFrom(`${CANARY}  config: {configMaps: Live}\n`));
    expect([...snapshot.keys()]).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('that may not be read is not known, and says why', async () => {
    store(map('ConfigMap', 'app', '5', {}));
    refusal = 403;
    const seen = (await reader.read(canaryFrom())).get('ConfigMap/app');
    expect(seen).toEqual({
      ownerUids: [],
      problem: expect.stringMatching(/^may not get configmaps.*app is refused/),
    });
  });

  it('that cannot be asked for ends the reconcile, to be tried again', async () => {
    store(map('ConfigMap', 'app', '5', {}));
    refusal = 500;
    await expect(reader.read(canaryFrom())).rejects.toMatchObject({ status: 500 });
  });
});

describe('a Secret', () => {
  const token = (version: string, value = SECRET) => map('Secret', 'token', version, { token: btoa(value) });

  it('is never asked for unless the Canary says so', async () => {
    store(token('5'));
    expect([...(await reader.read(canaryFrom())).keys()]).toEqual(['ConfigMap/app']);
    expect(asked).toEqual([]);
  });

  it('is asked for by its metadata at most every half minute, and read when that has changed', async () => {
    store(token('5'));
    await reader.read(VERSIONED);
    await reader.read(VERSIONED);
    expect(asked).toEqual(['Secret token, metadata', 'Secret token']);
    await clock.advance(30_000);
    await reader.read(VERSIONED);
    expect(asked.splice(0)).toEqual(['Secret token, metadata', 'Secret token', 'Secret token, metadata']);
    store(token('6', 'another'));
    await clock.advance(30_000);
    await reader.read(VERSIONED);
    expect(asked).toEqual(['Secret token, metadata', 'Secret token']);
  });

  it('gives nothing away by what names it', async () => {
    store(token('5'));
    const seen = (await reader.read(VERSIONED)).get('Secret/token');
    expect(seen?.id).toBe('uid-token/5');
  });

  it('that is gone is absent', async () => {
    expect((await reader.read(VERSIONED)).get('Secret/token')?.content).toBe('absent');
  });
});

describe('content', () => {
  const object = map('ConfigMap', 'app', '5', { a: '1', b: '2' });
  const same: [string, KubeObject][] = [
    ['other metadata', { ...object, metadata: { name: 'other' } }],
    ['another order', { ...object, data: { b: '2', a: '1' } }],
    ['immutable', { ...object, immutable: true }],
    ['binaryData of none', { ...object, binaryData: {} }],
  ];
  it.each(same)('is the same with %s', (_what, other) => expect(contentOf(other)).toBe(contentOf(object)));

  const others: [string, KubeObject][] = [
    ['another value', { ...object, data: { a: '1', b: '3' } }],
    ['one key less', { ...object, data: { a: '1' } }],
    ['the same as binaryData', { ...object, data: { a: '1' }, binaryData: { b: '2' } }],
    ['another type', { ...object, type: 'kubernetes.io/tls' }],
  ];
  it.each(others)('is another with %s', (_what, other) =>
    expect(contentOf(other)).not.toBe(contentOf(object)),
  );
});
