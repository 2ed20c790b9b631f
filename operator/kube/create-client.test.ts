// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeClient } from './client.ts';
import { createKubeClient } from './create-client.ts';
import { KubeApiError, KubeConnectionError } from './errors.ts';
import { listAll } from './list-all.ts';
import { resources } from './resources.ts';
import {
  collect,
  type ScriptedServer,
  sendJson,
  startScriptedServer,
  statusBody,
  type TemporaryKubeConfig,
  writeKubeConfig,
} from './scripted-server.ts';

const web = { namespace: 'shop', name: 'web' };

let server: ScriptedServer;
let config: TemporaryKubeConfig;
let client: KubeClient;
let observed: string[];

function connect(path: string): KubeClient {
  return createKubeClient({
    source: { kind: 'file', path },
    userAgent: 'headway/test',
    observe: (verb, kind, status, seconds) => {
      expect(seconds).toBeGreaterThanOrEqual(0);
      observed.push(`${verb} ${kind} ${status}`);
    },
  });
}

beforeEach(async () => {
  observed = [];
  server = await startScriptedServer();
  config = await writeKubeConfig(server.url, { token: 'secret' });
  client = connect(config.path);
});

afterEach(async () => {
  await client.close();
  await server.close();
  await config.remove();
});

describe('calls', () => {
  it('sends who we are and hands back the raw object', async () => {
    const stored = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      unknownField: [1],
    };
    server.answer((response) => sendJson(response, 200, stored));

    const object = await client.get(resources.deployments, web);

    expect(object).toEqual(stored);
    expect(server.seen[0]).toMatchObject({
      method: 'GET',
      url: '/apis/apps/v1/namespaces/shop/deployments/web',
      headers: { authorization: 'Bearer secret', 'user-agent': 'headway/test', accept: 'application/json' },
    });
    expect(observed).toEqual(['get Deployment 200']);
  });

  it('keeps a path prefix of the server', async () => {
    const behindProxy = await writeKubeConfig(`${server.url}/k8s/clusters/a/`, {});
    const other = connect(behindProxy.path);

    await other.get(resources.pods, web);

    expect(server.seen[0]?.url).toBe('/k8s/clusters/a/api/v1/namespaces/shop/pods/web');
    await other.close();
    await behindProxy.remove();
  });

  it('makes 200 calls in a row over at most 2 connections, and 200 at once over at most 8', async () => {
    for (let count = 0; count < 200; count++) await client.get(resources.pods, web);

    expect(server.connections()).toBeLessThanOrEqual(2);

    await Promise.all(Array.from({ length: 200 }, () => client.get(resources.pods, web)));

    expect(server.connections()).toBeLessThanOrEqual(9);
    expect(server.seen).toHaveLength(400);
  });

  it('reads all pages', async () => {
    server.answerNext(
      (response) =>
        sendJson(response, 200, { metadata: { resourceVersion: '5', continue: 'c+1' }, items: [{ n: 1 }] }),
      (response) => sendJson(response, 200, { metadata: { resourceVersion: '5' }, items: [{ n: 2 }] }),
    );

    const items = await listAll(client, resources.pods, { namespace: 'shop', labelSelector: 'a=b,c' });

    expect(items).toEqual([{ n: 1 }, { n: 2 }]);
    expect(server.seen.map(({ url }) => url)).toEqual([
      '/api/v1/namespaces/shop/pods?labelSelector=a%3Db%2Cc&limit=500',
      '/api/v1/namespaces/shop/pods?labelSelector=a%3Db%2Cc&limit=500&continue=c%2B1',
    ]);
  });

  it('takes items: null, as an empty list of metadata has it, for no items', async () => {
    server.answer((response) => sendJson(response, 200, { metadata: { resourceVersion: '5' }, items: null }));

    const list = await client.list(resources.configMaps, { namespace: 'shop', metadataOnly: true });

    expect(list).toEqual({ metadata: { resourceVersion: '5' }, items: [] });
  });

  it('throws the decoded refusal', async () => {
    server.answer((response) => sendJson(response, 404, statusBody(404, 'NotFound', 'pods "web" not found')));

    const refusal = await client.get(resources.pods, web).catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(KubeApiError);
    expect(refusal).toMatchObject({
      status: 404,
      reason: 'NotFound',
      message: 'pods "web" not found',
      verb: 'get',
    });
    expect(observed).toEqual(['get Pod 404']);
  });

  it('reads the text of any path', async () => {
    server.answer((response) => response.end('ok'));

    expect(await client.raw('GET', '/readyz')).toBe('ok');
    expect(observed).toEqual(['raw  200']);
  });
});

describe('retries', () => {
  const busy = (status: number) => (response: Parameters<typeof sendJson>[0]) =>
    sendJson(response, status, statusBody(status, '', 'busy'), { 'retry-after': '0' });

  it('repeats a create after 429 when the server has asked for it', async () => {
    server.answerNext(busy(429), busy(429));

    await client.create(resources.pods, { apiVersion: 'v1', kind: 'Pod', metadata: web });

    expect(observed).toEqual(['create Pod 429', 'create Pod 429', 'create Pod 200']);
  });

  it('gives up after the third attempt', async () => {
    server.answer(busy(429));

    await expect(client.get(resources.pods, web)).rejects.toMatchObject({ status: 429, retryAfterMs: 0 });
    expect(server.seen).toHaveLength(3);
  });

  it('repeats after 503 only what has no second effect', async () => {
    server.answerNext(busy(503));
    await client.apply(resources.pods, { metadata: web }, { fieldManager: 'm' });
    server.answerNext(busy(503));
    const created = client.create(resources.pods, { apiVersion: 'v1', kind: 'Pod', metadata: web });

    await expect(created).rejects.toMatchObject({ status: 503 });
    expect(observed).toEqual(['apply Pod 503', 'apply Pod 200', 'create Pod 503']);
  });

  it('repeats a get whose connection broke, and not a JSON Patch', async () => {
    const hangUp = (response: { socket: { destroy(): unknown } | null }) => response.socket?.destroy();
    server.answerNext(hangUp);
    await client.get(resources.pods, web);
    server.answerNext(hangUp);
    const patched = client.jsonPatch(resources.pods, web, { operations: [] });

    const failure = await patched.catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(KubeConnectionError);
    expect(failure).toMatchObject({ failure: 'connection' });
    expect(observed).toEqual(['get Pod connection', 'get Pod 200', 'jsonPatch Pod connection']);
  });

  it('ends the wait between attempts with the caller’s signal', async () => {
    server.answer((response) => sendJson(response, 429, {}, { 'retry-after': '9' }));
    const controller = new AbortController();
    const reason = new Error('shutting down');

    const call = client.get(resources.pods, web, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 50);

    await expect(call).rejects.toBe(reason);
    expect(server.seen).toHaveLength(1);
  });

  it('reads the token file again after a 401', async () => {
    const tokenFile = `${config.path}.token`;
    await writeFile(tokenFile, 'first\n');
    const byFile = await writeKubeConfig(server.url, {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: 'node',
        args: ['-e', TOKEN_PLUGIN, tokenFile],
      },
    });
    const other = connect(byFile.path);
    server.answer((response, { headers }) => {
      if (headers.authorization === 'Bearer second') sendJson(response, 200, {});
      else sendJson(response, 401, statusBody(401, 'Unauthorized', 'Unauthorized'));
    });
    await expect(other.get(resources.pods, web)).rejects.toMatchObject({ status: 401 });

    await writeFile(tokenFile, 'second\n');
    await other.get(resources.pods, web);

    const tokens = server.seen.map(({ headers }) => headers.authorization);
    expect(tokens).toEqual(['Bearer first', 'Bearer first', 'Bearer first', 'Bearer second']);
    await other.close();
    await byFile.remove();
  });
});

/** Prints the content of a file as a credential that has expired already, so that it is asked for each time. */
const TOKEN_PLUGIN = `
  const token = require('node:fs').readFileSync(process.argv[1], 'utf8').trim();
  const status = { token, expirationTimestamp: '2020-01-01T00:00:00Z' };
  console.log(JSON.stringify({ kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status }));
`;

describe('timeouts and signals', () => {
  it.each([
    ['headers never come', () => undefined],
    [
      'the body stops',
      (response: Parameters<typeof sendJson>[0]) => {
        response.writeHead(200);
        response.write('{"a":');
      },
    ],
  ])('gives up when %s', async (_, answer) => {
    server.answer(answer);

    const failure = await client
      .get(resources.pods, web, { timeoutMs: 100 })
      .catch((error: unknown) => error);

    expect(failure).toMatchObject({
      name: 'KubeConnectionError',
      failure: 'timeout',
      message: 'get pods in namespace shop: no answer within 100 ms',
    });
    expect(observed).toEqual(['get Pod timeout']);
  });

  it('throws the reason of the caller’s signal', async () => {
    server.answer(() => undefined);
    const controller = new AbortController();
    const reason = new Error('stop');

    const call = client.get(resources.pods, web, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 50);

    await expect(call).rejects.toBe(reason);
    expect(observed).toEqual(['get Pod aborted']);
  });

  it('reports a server that is not there', async () => {
    await server.close();

    await expect(client.get(resources.pods, web)).rejects.toMatchObject({ failure: 'connection' });
    expect(observed).toHaveLength(3);
  });

  it('refuses calls once closed', async () => {
    await client.close();

    await expect(client.get(resources.pods, web)).rejects.toThrow('the Kubernetes client is closed');
  });
});

describe('watch', () => {
  const line = (type: string, name: string) =>
    `${JSON.stringify({ type, object: { metadata: { name } } })}\n`;

  it('streams events until the server ends it', async () => {
    server.answer((response) => {
      response.write(line('ADDED', 'a'));
      response.end(line('BOOKMARK', 'b'));
    });

    const events = await collect(
      client.watch(resources.pods, { namespace: 'shop', resourceVersion: '7', timeoutSeconds: 300 }),
    );

    expect(events.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK']);
    expect(server.seen[0]?.url).toBe(
      '/api/v1/namespaces/shop/pods?watch=true&allowWatchBookmarks=true&resourceVersion=7&timeoutSeconds=300',
    );
    expect(observed).toEqual(['watch Pod 200']);
  });

  it('throws the refusal', async () => {
    server.answer((response) => sendJson(response, 410, statusBody(410, 'Expired', 'too old')));

    await expect(collect(client.watch(resources.pods))).rejects.toMatchObject({ status: 410 });
  });

  it('throws when the stream breaks', async () => {
    server.answer((response) => {
      response.write(line('ADDED', 'a'));
      setTimeout(() => response.socket?.destroy(), 20);
    });

    await expect(collect(client.watch(resources.pods))).rejects.toBeInstanceOf(KubeConnectionError);
  });

  it.each(['abort', 'break'])('closes its socket on %s, and calls go on over theirs', async (how) => {
    server.answer((response, { url }) => {
      if (url.includes('watch=true')) response.write(line('ADDED', 'a'));
      else sendJson(response, 200, {});
    });
    const controller = new AbortController();
    const reason = new Error('enough');
    const seen: string[] = [];
    const reading = (async () => {
      for await (const event of client.watch(resources.pods, { signal: controller.signal })) {
        seen.push(event.type);
        if (how === 'break') break;
        controller.abort(reason);
      }
    })();

    if (how === 'break') await reading;
    else await expect(reading).rejects.toBe(reason);

    await client.get(resources.pods, web);
    await until(() => server.open() === 1);
    expect(seen).toEqual(['ADDED']);
  });
});

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('the condition did not come true within 30 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('configuration', () => {
  it('says when there is no such context, and which there are', () => {
    const source = { kind: 'file', path: config.path, context: 'other' } as const;

    expect(() => createKubeClient({ source })).toThrow('the kubeconfig has no context "other"; it has x');
  });

  it('says when it is not inside a cluster', () => {
    expect(() => createKubeClient({ source: { kind: 'in-cluster' } })).toThrow(
      'not inside a cluster: KUBERNETES_SERVICE_HOST is not set',
    );
  });
});
