// SPDX-License-Identifier: Apache-2.0
// What the copies of config take for granted, asked of a real API server.
// oxlint-disable no-restricted-imports -- the CRDs are of no matter here, the server that has them is
import type { Rollout } from '../../engine/rollout/rollout.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { DEADLINE_MS } from '../../crd/test-server.ts';
import { usePlace } from '../../crd/use-place.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { contentOf, resourceOf } from './config-reader.ts';
import { buildConfigCopy } from './objects.ts';
import { resources } from '../../kube/resources.ts';
import { canaryFrom } from './test-objects.ts';

const MEBIBYTE = 1024 * 1024;

const place = usePlace();
let client: KubeClient;
let namespace = '';
let rollout: Rollout;
let owner: { name: string; uid: string };

beforeEach(async () => {
  ({ client, namespace } = place);
  const given = canaryFrom();
  rollout = { ...given, metadata: { ...given.metadata, namespace } };
  owner = await createRevision();
});

/** The garbage collector wants the owner to exist. */
async function createRevision(): Promise<{ name: string; uid: string }> {
  const labels = { app: 'web' };
  const containers = [{ name: 'web', image: 'example.com/web:1' }];
  const { metadata } = await client.create<KubeObject>(resources.deployments, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web-aaa', namespace },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  });
  return { name: 'web-aaa', uid: metadata.uid ?? '' };
}

type Content = { kind: 'ConfigMap' | 'Secret'; type?: string; data?: object; binaryData?: object };

function create({ kind, ...content }: Content, name = 'app'): Promise<KubeObject> {
  const object = { apiVersion: 'v1', kind, metadata: { name, namespace }, ...content };
  return client.create<KubeObject>(resourceOf(kind), object);
}

async function copy(kind: Content['kind']): Promise<KubeObject> {
  const source = await client.get(resourceOf(kind), { namespace, name: 'app' });
  const built = buildConfigCopy(rollout, source, { copy: 'app-aaa', revision: 'aaa', owner });
  expect(contentOf(await client.create(resourceOf(kind), built))).toBe(contentOf(source));
  return client.get(resourceOf(kind), { namespace, name: 'app-aaa' });
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a copy on a real API server', () => {
  it.each<[string, Content]>([
    ['a ConfigMap', { kind: 'ConfigMap', data: { a: '1', 'b.properties': 'x=1\ny=2\n' } }],
    ['an empty ConfigMap', { kind: 'ConfigMap' }],
    ['binary data', { kind: 'ConfigMap', binaryData: { a: base64('\u0000\u00ff') } }],
    ['a ConfigMap as large as they may be', { kind: 'ConfigMap', data: { a: 'x'.repeat(MEBIBYTE) } }],
    ['a Secret', { kind: 'Secret', data: { a: base64('1') } }],
    [
      'a Secret of a type with rules',
      {
        kind: 'Secret',
        type: 'kubernetes.io/basic-auth',
        data: { username: base64('u'), password: base64('p') },
      },
    ],
    [
      'a registry login',
      { kind: 'Secret', type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': base64('{}') } },
    ],
  ])('of %s has its content and cannot be changed', async (_what, content) => {
    await create(content);
    const made = await copy(content.kind);
    expect(made).toMatchObject({ immutable: true });
    const patch = { data: { added: base64('1') } };
    await expect(
      client.mergePatch(resourceOf(content.kind), { namespace, name: 'app-aaa' }, { patch }),
    ).rejects.toThrow(/field is immutable/);
  });

  it('is collected with its revision, and the original is not', async () => {
    await create({ kind: 'ConfigMap', data: { a: '1' } });
    await copy('ConfigMap');
    await client.delete(
      resources.deployments,
      { namespace, name: 'web-aaa' },
      { propagationPolicy: 'Background' },
    );
    await untilGone();
    const { items } = await client.list(resources.configMaps, { namespace });
    expect(items.map(({ metadata }) => metadata.name)).toContain('app');
  });

  async function untilGone(): Promise<void> {
    for (const startedMs = performance.now(); performance.now() - startedMs < DEADLINE_MS; await sleep(100)) {
      const { items } = await client.list(resources.configMaps, { namespace, metadataOnly: true });
      if (items.every(({ metadata }) => metadata.name !== 'app-aaa')) return;
    }
    throw new Error(`the copy was not collected within ${DEADLINE_MS} ms`);
  }
});

describe('metadata alone', () => {
  it('is what a list, a watch and a get bring, however large the object', async () => {
    const data = { a: 'x'.repeat(MEBIBYTE) };
    const { metadata } = await create({ kind: 'ConfigMap', data });
    const metadataOnly = true;
    const listed = await client.list(resources.configMaps, { namespace, metadataOnly });
    const mine = listed.items.find(({ metadata: { name } }) => name === 'app');
    const got = await client.get(resources.configMaps, { namespace, name: 'app' }, { metadataOnly });
    const watched = await firstWatched(data);
    for (const object of [mine, got, watched]) {
      expect(object).toMatchObject({ metadata: { name: 'app', uid: metadata.uid } });
      expect(object).not.toHaveProperty('data');
      expect(JSON.stringify(object).length).toBeLessThan(2000);
    }
    expect(got.metadata.resourceVersion).toBe(metadata.resourceVersion);
  });

  it('is an empty list where there is nothing', async () => {
    const { items } = await client.list(resources.ingresses, { namespace, metadataOnly: true });
    expect(items).toEqual([]);
  });

  async function firstWatched(data: object): Promise<KubeObject | undefined> {
    const patch = { data: { ...data, a: 'y' } };
    const events = client.watch(resources.configMaps, { namespace, metadataOnly: true, timeoutSeconds: 20 });
    for await (const { type, object } of events) {
      if (object.metadata.name !== 'app') continue;
      if (type === 'MODIFIED') return object;
      await client.mergePatch(resources.configMaps, { namespace, name: 'app' }, { patch });
    }
    return undefined;
  }
});
