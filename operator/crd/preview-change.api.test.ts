// SPDX-License-Identifier: Apache-2.0
// oxlint-disable no-restricted-imports -- crd/ sees no cluster; this test of what it makes does
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KubeClient } from '../kube/client.ts';
import { KubeApiError } from '../kube/errors.ts';
import { resources } from '../kube/resources.ts';
import { DEADLINE_MS, openTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let client: KubeClient;
let namespace: string;

beforeAll(async () => {
  server = await openTestServer();
  ({ client, namespace } = server);
}, 2 * DEADLINE_MS);

afterAll(() => server.close());

const ACTIVE = { revision: 'abc', since: '2026-11-22T12:00:00Z', slot: 'blue' };

let made = 0;

/** What the API server says to another `previewService`, with an active version or without; "taken" where it takes it. */
async function change(
  from: object | undefined,
  to: object | null,
  active: object | undefined,
): Promise<string> {
  const name = `preview-${++made}`;
  const governed = { targetRef: { kind: 'Deployment', name }, service: { name: 'shop' } };
  const spec = { ...governed, ...(from ? { previewService: from } : {}) };
  const object = { apiVersion: 'headway.dev/v1alpha1', kind: 'BlueGreen', metadata: { name, namespace } };
  await client.create(resources.blueGreens, { ...object, spec });
  const ref = { namespace, name };
  if (active)
    await client.mergePatch(resources.blueGreens, ref, {
      patch: { status: { active } },
      subresource: 'status',
    });
  try {
    await client.mergePatch(resources.blueGreens, ref, { patch: { spec: { previewService: to } } });
    return 'taken';
  } catch (error) {
    if (!(error instanceof KubeApiError) || error.status !== 422) throw error;
    return (error.details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`).join('\n');
  }
}

describe('the preview Service of a BlueGreen', () => {
  const refused = expect.stringMatching(
    /^spec\.previewService: .*previewService cannot change once a version is active, for the old one would be left with requests and without pods; delete this BlueGreen and make a new one$/,
  );

  it.each<[string, object | undefined, object | null]>([
    ['another name', { name: 'next' }, { name: 'other' }],
    ['a name where it had its default', undefined, { name: 'other' }],
    ['its default where it had a name', { name: 'next' }, null],
  ])('does not get %s once a version is active, and does before', async (_what, from, to) => {
    expect(await change(from, to, ACTIVE)).toEqual(refused);
    expect(await change(from, to, undefined)).toBe('taken');
  });

  it.each<[string, object | undefined, object | null]>([
    ['written out', undefined, { name: 'shop-preview' }],
    ['left out', { name: 'shop-preview' }, null],
  ])('may have its default %s at any time', async (_what, from, to) => {
    expect(await change(from, to, ACTIVE)).toBe('taken');
  });
});
