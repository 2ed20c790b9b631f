// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { KubeClient } from '../../../operator/kube/client.ts';
import { createKubeClient } from '../../../operator/kube/create-client.ts';
import { isForbidden } from '../../../operator/kube/errors.ts';
import { type Resource, resources } from '../../../operator/kube/resources.ts';
import { auditLogPath } from '../../cluster/faults.ts';
import { kubeconfigOf } from '../support/install.ts';
import { applyObjects } from '../support/kubectl.ts';
import { holds, waitFor } from '../support/wait.ts';
import { admin, clusterName, operatorNamespace } from '../support/world.ts';
import { granted } from './grants.ts';
import { compare } from './privileges.ts';
import { readPrivileges } from './read-privileges.ts';
import { used } from './uses.ts';

const name = `privileges-${randomBytes(4).toString('hex')}`;
const namespace = name;
const account = { namespace: operatorNamespace, name };
const user = `system:serviceaccount:${operatorNamespace}:${name}`;

const rules = [
  { apiGroups: [''], resources: ['configmaps'], verbs: ['list', 'watch', 'create', 'patch', 'delete'] },
  { apiGroups: [''], resources: ['services'], verbs: ['patch'] },
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['create'] },
];

let client: KubeClient;

beforeAll(async () => {
  const apiGroup = 'rbac.authorization.k8s.io';
  const common = { apiVersion: `${apiGroup}/v1`, metadata: { name, namespace } };
  const roleRef = { apiGroup, kind: 'Role', name };
  await applyObjects(
    [operatorNamespace, namespace].map((each) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: each },
    })),
  );
  await applyObjects([
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account },
    { ...common, kind: 'Role', rules },
    { ...common, kind: 'RoleBinding', roleRef, subjects: [{ kind: 'ServiceAccount', ...account }] },
  ]);
  client = createKubeClient({ source: { kind: 'file', path: await kubeconfigOf(account) } });
  await waitFor({
    what: 'the rights to hold',
    withinMs: 30_000,
    probe: mayList,
  });
}, 60_000);

afterAll(async () => {
  await client.close();
  await admin().delete(resources.namespaces, { name: namespace });
  await admin().close();
});

async function mayList(): Promise<true | undefined> {
  try {
    await client.list(resources.configMaps, { namespace });
    return true;
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

/** A server-side apply of what is not there. */
function make(resource: Resource, spec?: object): Promise<unknown> {
  const object = { metadata: { namespace, name: 'made' }, ...(spec ? { spec } : {}) };
  return client.apply(resource, object, { fieldManager: 'test' });
}

/** Its owner is not there either, so that the garbage collector takes it away. */
function makeOwned(): Promise<unknown> {
  const owner = { apiVersion: 'headway.dev/v1alpha1', kind: 'Canary', name: 'shop', uid: name };
  const metadata = { namespace, name: 'owned', ownerReferences: [{ ...owner, blockOwnerDeletion: true }] };
  const labels = { app: 'owned' };
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: 'app', image: 'localhost/none:1' }] },
  };
  const spec = { replicas: 0, selector: { matchLabels: labels }, template };
  return client.create(resources.deployments, { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec });
}

async function difference(): Promise<string[]> {
  const { requests, objects } = await readPrivileges(auditLogPath(clusterName()), {
    users: [user],
    sinceMs: 0,
  });
  return compare(granted(objects, account), used(requests));
}

const expected = [
  `Role ${name} in namespace ${namespace} grants \`delete\` on \`configmaps\`, which nothing used`,
  `used \`create\` on \`services\` in namespace ${namespace}, which nothing grants (403)`,
  `used \`list\` on \`namespaces\` cluster-wide, which nothing grants (403)`,
  `used \`list\` on \`secrets\` in namespace ${namespace}, which nothing grants (403)`,
  `used \`update\` on \`canaries/finalizers.headway.dev\` in namespace ${namespace}, which nothing grants`,
].toSorted();

it('the log of a real API server shows what was granted and what was used', async () => {
  const watching = new AbortController();
  const events = client.watch(resources.configMaps, { namespace, signal: watching.signal });
  const begun = events[Symbol.asyncIterator]().next();
  try {
    await make(resources.configMaps);
    await begun; // it goes on while the log is read
    await expect(make(resources.services, { ports: [{ port: 80 }] })).rejects.toThrow(
      'cannot create resource',
    );
    await expect(client.list(resources.secrets, { namespace })).rejects.toThrow('cannot list resource');
    await expect(client.list(resources.namespaces)).rejects.toThrow('cannot list resource');
    await makeOwned();
    // an answer may be here before it is in the log
    await waitFor({
      what: `the log to show ${expected.join('; ')}`,
      withinMs: 10_000,
      probe: async () => ((await difference()).toSorted().join() === expected.join() ? true : undefined),
      explain: async () => (await difference()).join('\n'),
    });
    await holds('nothing else comes', 1_000, async () => (await difference()).length === expected.length);
  } finally {
    watching.abort(new Error('it is over'));
  }
}, 60_000);
