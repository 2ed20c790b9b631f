// SPDX-License-Identifier: Apache-2.0
import { demoDeployment } from '../test/apps/manifests.ts';

export const nullNamespace = 'bench-null';
/** On the Deployments that the null operator acts for. */
export const nullLabel = 'bench.headway.dev/null';
/** What it writes: the generation that it has seen. */
export const nullAnnotation = 'bench.headway.dev/generation';
export const nullAccount = { name: 'null-operator', namespace: 'bench-system' };

export function nullName(index: number): string {
  return `null-${index}`;
}

/** A target of the null operator, with 0 replicas as an adopted Deployment has, and the ConfigMap that it writes. */
export function nullObjects(index: number): { deployment: object; configMap: object } {
  const metadata = { name: nullName(index), namespace: nullNamespace };
  return {
    deployment: demoDeployment({
      ...metadata,
      image: 'localhost/null:1',
      version: '1',
      replicas: 0,
      labels: { [nullLabel]: 'true' },
    }),
    configMap: { apiVersion: 'v1', kind: 'ConfigMap', metadata },
  };
}

/** The null operator's ServiceAccount and what it may do. */
export function nullRights(): object[] {
  const { name, namespace } = nullAccount;
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: nullAccount },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name },
      rules: [
        { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list', 'watch'] },
        { apiGroups: [''], resources: ['configmaps'], verbs: ['patch'] },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef,
      subjects: [{ kind: 'ServiceAccount', ...nullAccount }],
    },
  ];
}
