// SPDX-License-Identifier: Apache-2.0
import { addresses, metricsServerHost, ports } from '../layout.ts';
import { clusterRole, type Rule } from './manifests.ts';

const user = 'metrics-server';
const [service = '', namespace = ''] = metricsServerHost.split('.');

const rules: Rule[] = [
  { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
  { apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['get', 'list', 'watch'] },
];

/** To read kubelets, to know who the API server speaks for, and to ask whether they may. */
export function metricsServerRights(): object[] {
  const subject = { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user };
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const roleRef = (kind: string, name: string): object => ({ apiGroup: subject.apiGroup, kind, name });
  return [
    ...clusterRole(user, rules),
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name: `headway-test:${user}:auth-delegator` },
      roleRef: roleRef('ClusterRole', 'system:auth-delegator'),
      subjects: [subject],
    },
    {
      apiVersion,
      kind: 'RoleBinding',
      metadata: { name: `headway-test:${user}:auth-reader`, namespace },
      roleRef: roleRef('Role', 'extension-apiserver-authentication-reader'),
      subjects: [subject],
    },
  ];
}

/**
 * The API of the metrics, behind the API server. It is there only once metrics-server answers: what is registered and
 * does not answer keeps namespaces from being deleted. `caBundle` is the authority of its certificate, in base64.
 */
export function metricsApiManifests(caBundle: string): object[] {
  const metadata = { name: service, namespace };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { ports: [{ name: 'https', port: 443, targetPort: ports.metricsServer, protocol: 'TCP' }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { ...metadata, labels: { 'kubernetes.io/service-name': service } },
      addressType: 'IPv4',
      endpoints: [{ addresses: [addresses.node], conditions: { ready: true } }],
      ports: [{ name: 'https', port: ports.metricsServer, protocol: 'TCP' }],
    },
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1beta1.metrics.k8s.io' },
      spec: {
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        service: { ...metadata, port: 443 },
        caBundle,
        groupPriorityMinimum: 100,
        versionPriority: 100,
      },
    },
  ];
}
