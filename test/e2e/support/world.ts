// SPDX-License-Identifier: Apache-2.0
// What the stories run in: processes of the cluster's network, with KUBECONFIG and these variables set.
import { join, resolve } from 'node:path';
import { createKubeClient } from '../../../operator/kube/create-client.ts';
import type { KubeClient } from '../../../operator/kube/client.ts';

export const root = resolve(import.meta.dirname, '../../..');

/** Reports, logs and what the load generators wrote. */
export const outputDir = join(root, 'build/e2e');

/** Where the cluster's Ingress controller and Prometheus answer, as every test cluster has them. */
export const ingressUrl = 'http://198.18.0.1:8000/';
export const prometheusUrl = 'http://198.18.0.1:9090';

export const operatorNamespace = 'headway-system';
/** The ServiceAccount of deploy/rbac.yaml, and the one that has its rights in one namespace alone. */
export const operatorAccount = { namespace: operatorNamespace, name: 'headway' } as const;
export const namespacedAccount = { namespace: operatorNamespace, name: 'headway-namespaced' } as const;
export const operatorUser = userOf(operatorAccount);
export const namespacedUser = userOf(namespacedAccount);

function userOf({ namespace, name }: { namespace: string; name: string }): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

/** The name of the cluster that this process is in. */
export function clusterName(): string {
  const name = process.env['HEADWAY_CLUSTER'];
  if (name === undefined) throw new Error('HEADWAY_CLUSTER is not set: run `make e2e`');
  return name;
}

let client: KubeClient | undefined;

/** The administrator's client, one for the process. Never the operator's. */
export function admin(): KubeClient {
  client ??= createKubeClient({ source: { kind: 'default' }, userAgent: 'headway-e2e' });
  return client;
}
