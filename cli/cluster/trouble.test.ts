// SPDX-License-Identifier: Apache-2.0
// What a person reads when the cluster does not do what was asked.
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { statusBody, writeKubeConfig } from '../../operator/kube/scripted-server.ts';
import { forbidden, startTestApi, type TestApi } from '../test-api.ts';
import { runLine } from '../test-io.ts';
import { MID_CANARY } from '../view/test-rollouts.ts';

let api: TestApi;

beforeEach(async () => {
  api = await startTestApi();
});

afterEach(() => api.close());

function run(...words: readonly string[]) {
  return runLine([...words, '-n', 'shop', '--kubeconfig', api.kubeconfig]);
}

describe('a refusal', () => {
  it('without permission names verb and resource, and the rule that is missing', async () => {
    api.refuse(({ plural }) => forbidden('list', plural));
    const { code, err } = await run('get', 'canary');
    expect(code).toBe(5);
    expect(err).toBe(
      'error: no permission to list canaries.headway.dev in namespace shop: RBAC needs a rule {apiGroups: ["headway.dev"], resources: [canaries], verbs: [list]} (canaries is forbidden: User "ann" cannot list resource "canaries")\n',
    );
  });

  it('of a verb names patch', async () => {
    api.put(MID_CANARY);
    api.refuse(({ method }) => (method === 'PATCH' ? forbidden('patch', 'canaries') : undefined));
    const { code, err } = await run('abort', 'canary/checkout');
    expect(code).toBe(5);
    expect(err).toMatch(
      /no permission to patch canaries\.headway\.dev in namespace shop: .*verbs: \[patch\]/,
    );
  });

  it('without CRDs says what to install', async () => {
    api.refuse(() => ({
      code: 404,
      body: statusBody(404, 'NotFound', 'the server could not find the requested resource'),
    }));
    for (const words of [['get'], ['status', 'canary/checkout']]) {
      const { code, err } = await run(...words);
      expect(code).toBe(5);
      expect(err).toBe(
        `error: the API server ${api.server.url} does not have canaries.headway.dev: Headway's CRDs are not installed there, or this is another cluster; install them with kubectl apply --server-side -f crds/\n`,
      );
    }
  });

  it('of credentials says whose', async () => {
    api.refuse(() => ({ code: 401, body: statusBody(401, 'Unauthorized', 'Unauthorized') }));
    const { code, err } = await run('get');
    expect(code).toBe(5);
    expect(err).toBe(
      `error: the API server ${api.server.url} does not accept the credentials of user "u" in context "x": they have expired or are wrong; log in again\n`,
    );
  });

  it('of any other kind is told in its own words', async () => {
    api.refuse(() => ({ code: 500, body: statusBody(500, 'InternalError', 'etcd is full') }));
    const { err } = await run('get', 'canary');
    expect(err).toMatch(/refused to list canaries\.headway\.dev in namespace shop: etcd is full \(500\)/);
  });
});

describe('no answer', () => {
  it('names the address', async () => {
    const port = await freePort();
    const config = await writeKubeConfig(`http://127.0.0.1:${port}`, {});
    const { code, err } = await runLine(['get', '--kubeconfig', config.path]);
    await config.remove();
    expect(code).toBe(5);
    expect(err).toBe(
      `error: cannot reach the API server http://127.0.0.1:${port} of context "x": connect ECONNREFUSED 127.0.0.1:${port}\n`,
    );
  });

  it.each([
    [['--kubeconfig', '/nowhere/config'], /cannot read the kubeconfig \/nowhere\/config: .*ENOENT/],
    [['--context', 'prod'], /the kubeconfig has no context "prod"; it has x/],
  ])('%j', async (words, message) => {
    const { code, err } = await runLine(['get', '--kubeconfig', api.kubeconfig, ...words]);
    expect(code).toBe(5);
    expect(err).toMatch(message);
  });
});

/** A port where nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
