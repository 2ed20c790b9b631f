// SPDX-License-Identifier: Apache-2.0
import { ports } from '../layout.ts';

export interface Rule {
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

const gatewayGroup = 'gateway.networking.k8s.io';
const gatewayKinds = [
  'gatewayclasses',
  'gateways',
  'httproutes',
  'grpcroutes',
  'tlsroutes',
  'referencegrants',
  'backendtlspolicies',
];

/** What its documentation asks for, for the kinds of the standard channel. */
const traefikGatewayRules: Rule[] = [
  { apiGroups: [gatewayGroup], resources: gatewayKinds, verbs: read },
  { apiGroups: [gatewayGroup], resources: gatewayKinds.map((kind) => `${kind}/status`), verbs: ['update'] },
];

const traefikKinds = [
  'ingressroutes',
  'ingressroutetcps',
  'ingressrouteudps',
  'middlewares',
  'middlewaretcps',
  'serverstransports',
  'serverstransporttcps',
  'tlsoptions',
  'tlsstores',
  'traefikservices',
];

/** Its own kinds. */
const traefikCrdRules: Rule[] = [{ apiGroups: ['traefik.io'], resources: traefikKinds, verbs: read }];

const prometheusRules: Rule[] = [{ apiGroups: [''], resources: ['pods'], verbs: read }];

/** What a node has from the start: the rights of Traefik and Prometheus, and the Ingress class `nginx`. */
export function baseManifests(): object[] {
  return [
    ...clusterRole('traefik', [...traefikRules, ...traefikGatewayRules, ...traefikCrdRules]),
    ...clusterRole('prometheus', prometheusRules),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'nginx' },
      spec: { controller: 'k8s.io/ingress-nginx' },
    },
  ];
}

/**
 * The Gateway `gateways/web` that routes of every namespace may name as their parent: plain HTTP for any host, on the
 * entry point that Ingresses use too.
 */
export function gatewayManifests(): object[] {
  const apiVersion = `${gatewayGroup}/v1`;
  const listener = {
    name: 'http',
    protocol: 'HTTP',
    port: ports.web,
    allowedRoutes: { namespaces: { from: 'All' } },
  };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'gateways' } },
    {
      apiVersion,
      kind: 'GatewayClass',
      metadata: { name: 'traefik' },
      spec: { controllerName: 'traefik.io/gateway-controller' },
    },
    {
      apiVersion,
      kind: 'Gateway',
      metadata: { name: 'web', namespace: 'gateways' },
      spec: { gatewayClassName: 'traefik', listeners: [listener] },
    },
  ];
}

/** Gives a user a ClusterRole of its own. */
export function clusterRole(user: string, rules: Rule[]): object[] {
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
