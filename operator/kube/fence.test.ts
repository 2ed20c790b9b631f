// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeClient } from './client.ts';
import { createKubeClient } from './create-client.ts';
import { fenceWrites } from './fence.ts';
import { resources } from './resources.ts';
import {
  collect,
  type ScriptedServer,
  sendJson,
  startScriptedServer,
  type TemporaryKubeConfig,
  writeKubeConfig,
} from './scripted-server.ts';

const ref = { namespace: 'shop', name: 'web' };
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: ref };

let server: ScriptedServer;
let config: TemporaryKubeConfig;
let client: KubeClient;

beforeEach(async () => {
  server = await startScriptedServer();
  config = await writeKubeConfig(server.url, { token: 'secret' });
  client = createKubeClient({ source: { kind: 'file', path: config.path } });
});

afterEach(async () => {
  await client.close();
  await server.close();
  await config.remove();
});

const writes: [string, (fenced: KubeClient) => Promise<unknown>][] = [
  ['create', (fenced) => fenced.create(resources.pods, pod)],
  ['update', (fenced) => fenced.update(resources.pods, pod)],
  ['delete', (fenced) => fenced.delete(resources.pods, ref)],
  ['apply', (fenced) => fenced.apply(resources.pods, pod, { fieldManager: 'me' })],
  ['jsonPatch', (fenced) => fenced.jsonPatch(resources.pods, ref, { operations: [] })],
  ['mergePatch', (fenced) => fenced.mergePatch(resources.pods, ref, { patch: {} })],
  ['raw POST', (fenced) => fenced.raw('POST', '/x', { body: {} })],
];

describe('fenceWrites', () => {
  it.each(writes)('stops a %s before it is sent', async (_, write) => {
    const reason = new Error('not leading');
    const fenced = fenceWrites(client, () => {
      throw reason;
    });

    await expect(write(fenced)).rejects.toBe(reason);
    expect(server.seen).toEqual([]);
  });

  it.each(writes)('lets a %s through while the check passes', async (_, write) => {
    let checks = 0;

    await write(fenceWrites(client, () => void checks++));

    expect(server.seen).toHaveLength(1);
    expect(checks).toBe(1);
  });

  it('checks again before a second attempt', async () => {
    const reason = new Error('deposed meanwhile');
    let checks = 0;
    const fenced = fenceWrites(client, () => {
      checks += 1;
      if (checks === 2) throw reason;
    });
    server.answerNext((response) => sendJson(response, 429, {}, { 'retry-after': '0' }));

    await expect(fenced.create(resources.pods, pod)).rejects.toBe(reason);
    expect(server.seen).toHaveLength(1);
  });

  it('leaves reads alone', async () => {
    server.answer((response) => sendJson(response, 200, { items: [], metadata: {} }));
    const fenced = fenceWrites(client, () => {
      throw new Error('not leading');
    });

    await fenced.get(resources.pods, ref);
    await fenced.list(resources.pods);
    await fenced.raw('GET', '/version');
    await collect(fenced.watch(resources.namespaces)).catch((error: unknown) => {
      expect(error).toMatchObject({ failure: 'connection' }); // the scripted answer is no stream of events
    });

    expect(server.seen).toHaveLength(4);
  });
});
