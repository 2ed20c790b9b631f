// SPDX-License-Identifier: Apache-2.0
// Test support: a real API server for the tests of a file, and a namespace for each of them.
// oxlint-disable no-restricted-imports -- crd/ sees no cluster; the tests of what it makes do
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { KubeClient } from '../kube/client.ts';
import { resources } from '../kube/resources.ts';
import { DEADLINE_MS, openTestServer, type TestServer } from './test-server.ts';

/** What a test works on. */
export interface Place {
  readonly client: KubeClient;
  readonly namespace: string;
}

/** Opens and closes it around the tests; `prepare` is for what they need of the whole server. */
export function usePlace(prepare?: () => Promise<void>): Place {
  let server: TestServer | undefined;
  let namespace = '';

  function client(): KubeClient {
    if (!server) throw new Error('the API server is opened before the first test, and not earlier');
    return server.client;
  }

  beforeAll(async () => {
    server = await openTestServer();
    await prepare?.();
  }, 4 * DEADLINE_MS);

  beforeEach(async () => {
    namespace = `test-${randomBytes(4).toString('hex')}`;
    const metadata = { name: namespace };
    await client().create(resources.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata });
  });

  afterEach(() => client().delete(resources.namespaces, { name: namespace }));

  afterAll(() => server?.close());

  return {
    get client() {
      return client();
    },
    get namespace() {
      return namespace;
    },
  };
}
