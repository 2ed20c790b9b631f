// SPDX-License-Identifier: Apache-2.0
import type { ObjectName } from './objects.ts';

/** A kind that the operator reads or writes, and where the API server serves it. `group` is '' for core. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

function namespaced(groupVersion: string, plural: string, kind: string): Resource {
  return Object.freeze({ ...splitGroupVersion(groupVersion), plural, kind, namespaced: true });
}

function clusterScoped(groupVersion: string, plural: string, kind: string): Resource {
  return Object.freeze({ ...splitGroupVersion(groupVersion), plural, kind, namespaced: false });
}

function splitGroupVersion(groupVersion: string): { group: string; version: string } {
  const slash = groupVersion.indexOf('/');
  if (slash < 0) return { group: '', version: groupVersion };
  return { group: groupVersion.slice(0, slash), version: groupVersion.slice(slash + 1) };
}

const HEADWAY = 'headway.dev/v1alpha1';

/** Every resource that the operator may touch. What is not here cannot be asked for by accident. */
export const resources = Object.freeze({
  deployments: namespaced('apps/v1', 'deployments', 'Deployment'),
  replicaSets: namespaced('apps/v1', 'replicasets', 'ReplicaSet'),
  pods: namespaced('v1', 'pods', 'Pod'),
  jobs: namespaced('batch/v1', 'jobs', 'Job'),
  cronJobs: namespaced('batch/v1', 'cronjobs', 'CronJob'),
  services: namespaced('v1', 'services', 'Service'),
  configMaps: namespaced('v1', 'configmaps', 'ConfigMap'),
  secrets: namespaced('v1', 'secrets', 'Secret'),
  endpointSlices: namespaced('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice'),
  ingresses: namespaced('networking.k8s.io/v1', 'ingresses', 'Ingress'),
  httpRoutes: namespaced('gateway.networking.k8s.io/v1', 'httproutes', 'HTTPRoute'),
  grpcRoutes: namespaced('gateway.networking.k8s.io/v1', 'grpcroutes', 'GRPCRoute'),
  traefikServices: namespaced('traefik.io/v1alpha1', 'traefikservices', 'TraefikService'),
  virtualServices: namespaced('networking.istio.io/v1', 'virtualservices', 'VirtualService'),
  destinationRules: namespaced('networking.istio.io/v1', 'destinationrules', 'DestinationRule'),
  leases: namespaced('coordination.k8s.io/v1', 'leases', 'Lease'),
  events: namespaced('events.k8s.io/v1', 'events', 'Event'),
  namespaces: clusterScoped('v1', 'namespaces', 'Namespace'),
  canaries: namespaced(HEADWAY, 'canaries', 'Canary'),
  blueGreens: namespaced(HEADWAY, 'bluegreens', 'BlueGreen'),
  analysisTemplates: namespaced(HEADWAY, 'analysistemplates', 'AnalysisTemplate'),
  metricsProviders: clusterScoped(HEADWAY, 'metricsproviders', 'MetricsProvider'),
  customResourceDefinitions: clusterScoped(
    'apiextensions.k8s.io/v1',
    'customresourcedefinitions',
    'CustomResourceDefinition',
  ),
  subjectAccessReviews: clusterScoped(
    'authorization.k8s.io/v1',
    'subjectaccessreviews',
    'SubjectAccessReview',
  ),
});

/** The `apiVersion` of the objects of a resource. */
export function apiVersionOf(resource: Resource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

/** `deployments.apps`, `pods`: the way kubectl and RBAC messages name a resource. */
export function resourceName(resource: Resource): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

/** Where a collection lives; over all namespaces when `namespace` is absent. Every segment is escaped. */
export function collectionPath(resource: Resource, namespace?: string): string {
  const root = resource.group === '' ? '/api' : `/apis/${encodeURIComponent(resource.group)}`;
  const base = `${root}/${encodeURIComponent(resource.version)}`;
  if (namespace === undefined || !resource.namespaced)
    return `${base}/${encodeURIComponent(resource.plural)}`;
  return `${base}/namespaces/${segment(namespace)}/${encodeURIComponent(resource.plural)}`;
}

/** Where one object lives. Throws a RangeError without a namespace for a namespaced resource. */
export function objectPath(resource: Resource, ref: ObjectName, subresource?: string): string {
  if (resource.namespaced && !ref.namespace) {
    throw new RangeError(`${resource.kind} ${ref.name} is namespaced; no namespace was given`);
  }
  const path = `${collectionPath(resource, ref.namespace)}/${segment(ref.name)}`;
  return subresource === undefined ? path : `${path}/${encodeURIComponent(subresource)}`;
}

/** `.` and `..` survive escaping and would be folded away by URL parsing, so they never reach the wire. */
function segment(name: string): string {
  if (name === '' || name === '.' || name === '..') throw new RangeError(`"${name}" is not an object name`);
  return encodeURIComponent(name);
}
