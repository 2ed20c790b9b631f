// SPDX-License-Identifier: Apache-2.0

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

const read = ['get', 'list', 'watch'];

const traefikRules: Rule[] = [
  {
    apiGroups: [''],
    resources: ['services', 'secrets', 'nodes', 'configmaps', 'namespaces', 'pods'],
    verbs: read,
  },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: read },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'ingressclasses'], verbs: read },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['update'] },
];

const prometheusRules: Rule[] = [{ apiGroups: [''], resources: ['pods'], verbs: read }];

/** What a node has from the start: the rights of Traefik and Prometheus, and the Ingress class `nginx`. */
export function baseManifests(): object[] {
  return [
    ...clusterRole('traefik', traefikRules),
    ...clusterRole('prometheus', prometheusRules),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'nginx' },
      spec: { controller: 'k8s.io/ingress-nginx' },
    },
  ];
}

function clusterRole(user: string, rules: Rule[]): object[] {
  const name = `headway-test:${user}`;
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  return [
    { apiVersion, kind: 'ClusterRole', metadata: { name }, rules },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
    },
  ];
}
