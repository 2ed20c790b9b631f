// SPDX-License-Identifier: Apache-2.0
// The one place that says which values the chart has: values.yaml, values.schema.json and the table of its README are
// made from it.
import { z } from 'zod';
import { ROUTER_NAMES, type RouterName } from '../../operator/api/traffic.ts';
import { operatorValues } from './values-operator.ts';
import { podValues } from './values-pod.ts';
import { monitoringValues } from './values-monitoring.ts';
import { list, map, name, namespace, on, section, text } from './value-types.ts';

const PROVIDERS: Readonly<Record<RouterName, string>> = {
  ingress: 'canary annotations of Ingresses',
  gateway: 'HTTPRoutes and GRPCRoutes of the Gateway API',
  traefik: 'TraefikServices',
  alb: 'actions of the AWS Load Balancer Controller',
  istio: 'VirtualServices of Istio',
};

const traffic = section(
  'Ways to split traffic. One that is off needs no rights, and a Canary that asks for it says so; splits by the ratio of pods always work.',
  Object.fromEntries(
    ROUTER_NAMES.map((router) => [
      router,
      section(`\`spec.traffic.${router}\`.`, { enabled: on(`Serve ${PROVIDERS[router]}.`) }),
    ]),
  ),
);

const identity = {
  nameOverride: text('In place of the name of the chart in names and labels.'),
  fullnameOverride: text('In place of release and chart in the names of all objects.'),
  labels: map('Labels of every object.'),
  annotations: map('Annotations of every object.'),
};

const image = section('The image of the operator.', {
  repository: z.string().min(1).default('ghcr.io/headway-dev/headway').describe('Where the image is.'),
  tag: text('Tag. Empty: the appVersion of the chart.'),
  digest: z
    .string()
    .regex(/^(sha256:[0-9a-f]{64})?$/)
    .default('')
    .describe('Digest, such as sha256:...; it wins over the tag.'),
  pullPolicy: z
    .enum(['Always', 'IfNotPresent', 'Never'])
    .default('IfNotPresent')
    .describe('When it is pulled.'),
});

const crds = section('The CRDs of Headway.', {
  enabled: on('Install and upgrade them with this release. Off: somebody else does.'),
  keep: on(
    'Leave them, and with them every Canary, BlueGreen, AnalysisTemplate and MetricsProvider, when the release is uninstalled.',
  ),
});

const rbac = section('Rights.', {
  create: on(
    'Make roles and bindings. Off: none are made, and somebody else grants the service account what docs/operator.md says.',
  ),
  userRoles: on('Add the kinds of Headway to the roles view, edit and admin of Kubernetes.'),
  configSecrets: section('Secrets that are kept with revisions (`spec.config.secrets: Versioned`).', {
    create: on('Make the ClusterRole with get and create of Secrets, which nobody has by itself.'),
    namespaces: list(namespace(), 'Namespaces in which the operator is given that role.'),
  }),
});

const serviceAccount = section('The service account of the operator.', {
  create: on('Make one.'),
  name: text('Its name. Empty: the full name of the release.'),
  annotations: map('Its annotations, such as the role of a cloud.'),
});

const networkPolicy = section('Who may reach the operator, and whom it may reach.', {
  enabled: on('Make a NetworkPolicy. It lets in what asks for health and metrics, and nothing else.'),
  metricsFrom: list(
    z.looseObject({}),
    'Peers (`from` of a NetworkPolicy) that may read metrics. Empty: everybody. They need a port other than that of health.',
  ),
  ingress: list(z.looseObject({}), 'More ingress rules.'),
  egress: section('What the operator may reach.', {
    enabled: z
      .boolean()
      .default(false)
      .describe(
        'Limit it to DNS, the API server, every pod of the cluster (probes, and metrics in the cluster), and `extra`. Off: no limit, because addresses of metrics providers are not known here.',
      ),
    apiServer: section('The API server, which no selector can name.', {
      cidrs: list(z.string().min(1), 'Its addresses, such as 10.0.0.1/32. Empty: any address at its ports.'),
      ports: z
        .array(z.int().min(1).max(65_535))
        .min(1)
        .default([443, 6443])
        .describe('Ports of the API server: that of its Service, and that of its endpoints.'),
    }),
    extra: list(z.looseObject({}), 'More egress rules, such as to metrics providers outside of the cluster.'),
  }),
});

export const ChartValues = z.strictObject({
  ...identity,
  scope: z
    .enum(['Cluster', 'Namespaced'])
    .default('Cluster')
    .describe(
      'Cluster: every namespace is served, by a ClusterRole. Namespaced: only `namespaces`, by Roles in them.',
    ),
  namespaces: list(namespace(), 'Namespaces to serve with scope Namespaced. They have to exist.'),
  crds,
  image,
  imagePullSecrets: list(z.strictObject({ name: name() }), 'Secrets to pull the image with.'),
  replicas: z
    .int()
    .min(0)
    .max(10)
    .default(2)
    .describe('Pods of the operator. One works, the others take over within 15 s of its loss.'),
  operator: operatorValues,
  traffic,
  rbac,
  serviceAccount,
  ...podValues,
  networkPolicy,
  monitoring: monitoringValues,
  enabled: z
    .boolean()
    .optional()
    .describe('Not read: for parent charts that switch this one by a condition.'),
  global: z.looseObject({}).optional().describe('Not read: for parent charts.'),
});
