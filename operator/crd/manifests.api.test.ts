// SPDX-License-Identifier: Apache-2.0
// oxlint-disable no-restricted-imports -- some examples name a kind whose CRD the test cluster brings
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { installGatewayApi } from '../../test/cluster/gateway-api.ts';
import { installIstioCrds } from '../../test/cluster/istio-crds.ts';
import { installTraefikCrds } from '../../test/cluster/traefik-crds.ts';
import { DEADLINE_MS, kubectl, openTestServer, root, run, type TestServer, waitFor } from './test-server.ts';

let server: TestServer;
let namespace: string;

beforeAll(async () => {
  server = await openTestServer();
  ({ namespace } = server);
  await Promise.all([installGatewayApi(kubectl), installTraefikCrds(kubectl), installIstioCrds(kubectl)]);
}, 4 * DEADLINE_MS);

afterAll(() => server.close());

describe('the examples', () => {
  const files = readdirSync(resolve(root, 'examples')).filter((file) => file.endsWith('.yaml'));

  it.each(files)('%s applies, without a warning', async (file) => {
    const path = resolve(root, 'examples', file);
    const args = ['apply', '--dry-run=server', '--validate=strict', '-n', namespace, '-f', path];
    const { stdout, stderr } = await run('kubectl', args);
    const count = parseAllDocuments(readFileSync(path, 'utf8')).length;
    expect(
      stdout
        .trim()
        .split('\n')
        .filter((line) => line.endsWith('(server dry run)')),
    ).toHaveLength(count);
    expect(stderr).toBe('');
  });
});

describe('deploy/rbac.yaml in the API server', () => {
  beforeAll(async () => {
    await run('kubectl', ['apply', '-f', resolve(root, 'deploy/rbac.yaml')]);
  });

  interface Attempt {
    readonly verb: string;
    readonly resource: string;
    readonly group: string;
    readonly namespace: string;
    readonly subresource?: string;
  }

  async function mayOperator(attempt: Attempt): Promise<boolean> {
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: {
        user: 'system:serviceaccount:headway-system:headway',
        groups: ['system:serviceaccounts', 'system:authenticated'],
        resourceAttributes: attempt,
      },
    };
    const text = await server.client.raw('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
      body,
    });
    return (JSON.parse(text) as { status: { allowed: boolean } }).status.allowed;
  }

  it.each([
    ['patch deployments.apps in shop', true],
    ['update deployments.apps in shop', false],
    ['patch services in shop', true],
    ['delete ingresses.networking.k8s.io in shop', true],
    ['create events.events.k8s.io in shop', true],
    ['create leases.coordination.k8s.io in headway-system', true],
    ['create leases.coordination.k8s.io in shop', false],
    ['list leases.coordination.k8s.io in headway-system', false],
    ['get secrets in headway-system', false],
    ['list secrets in shop', false],
    ['get configmaps in shop', true],
    ['create configmaps in shop', true],
    ['update configmaps in shop', false],
    ['delete configmaps in shop', false],
    ['list pods in shop', true],
    ['patch pods in shop', true],
    ['create pods in shop', false],
    ['delete pods in shop', false],
    ['create canaries.headway.dev in shop', false],
    ['patch canaries.headway.dev in shop', true],
    ['create metricsproviders.headway.dev in ', false],
    ['watch metricsproviders.headway.dev in ', true],
  ])('may the operator %s: %s', async (attempt, allowed) => {
    const [, verb = '', resource = '', group = '', where = ''] =
      /^(\w+) (\w+)\.?(\S*) in (\S*)$/.exec(attempt) ?? [];
    expect(await mayOperator({ verb, resource, group, namespace: where })).toBe(allowed);
  });

  it('may write a status, and nobody who only edits a namespace may', async () => {
    const attempt = {
      verb: 'patch',
      resource: 'canaries',
      group: 'headway.dev',
      subresource: 'status',
      namespace: 'shop',
    };
    expect(await mayOperator(attempt)).toBe(true);
    const editor = ['auth', 'can-i', 'patch', 'canaries', '-n', namespace, '--as=eve', '--as-group=editors'];
    await run('kubectl', [
      'create',
      'rolebinding',
      'eve',
      '--clusterrole=edit',
      '--group=editors',
      '-n',
      namespace,
    ]);
    await waitFor('the aggregated role', async () => {
      const answer = await run('kubectl', editor).catch((error: { stdout: string }) => error);
      return answer.stdout.trim() === 'yes' ? true : undefined;
    });
    await expect(run('kubectl', [...editor, '--subresource=status'])).rejects.toMatchObject({
      stdout: 'no\n',
    });
  });
});
