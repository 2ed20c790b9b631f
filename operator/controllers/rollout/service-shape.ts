// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { Traffic } from '../../api/traffic.ts';
import type { KubeObject } from '../../kube/objects.ts';

/** What of a Service says how requests get to its pods, whoever the pods are: its canary Service has the same. */
export interface ServiceShape {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: Readonly<Record<string, unknown>>;
}

/**
 * Not the type, addresses and load balancers, which are of one Service alone. What the API server has filled in is copied
 * as it is: it would fill in the same, and is told so.
 */
const FIELDS = [
  'sessionAffinity',
  'sessionAffinityConfig',
  'ipFamilyPolicy',
  'ipFamilies',
  'internalTrafficPolicy',
  'trafficDistribution',
  'publishNotReadyAddresses',
];

/**
 * Who proxies it: with another name than `kube-proxy` in the first, kube-proxy passes the Service by; the others name the
 * waypoint of Istio's ambient mode.
 */
const LABELS = [
  'service.kubernetes.io/service-proxy-name',
  'istio.io/use-waypoint',
  'istio.io/use-waypoint-namespace',
  'istio.io/ingress-use-waypoint',
];

/**
 * How controllers speak to the pods behind a Service: protocol, time-outs, stickiness. Any other annotation is left out.
 * Many make something for one Service alone, such as a DNS name, an address, or series of a monitor.
 */
const ANNOTATIONS = [
  'service.kubernetes.io/topology-mode',
  'service.kubernetes.io/topology-aware-hints',
  'cloud.google.com/app-protocols',
  'cloud.google.com/backend-config',
];
const ANNOTATION_PREFIXES = [
  'traefik.ingress.kubernetes.io/',
  'haproxy.org/',
  'konghq.com/',
  'projectcontour.io/',
  'alb.ingress.kubernetes.io/',
  'networking.istio.io/',
];

export function shapeOf({ metadata, spec }: KubeObject): ServiceShape {
  return {
    labels: pick(metadata.labels ?? {}, (key) => LABELS.includes(key)),
    annotations: pick(metadata.annotations ?? {}, isShared),
    spec: pick(z.looseObject({}).parse(spec), (field) => FIELDS.includes(field)),
  };
}

/**
 * How a canary Service is reached. An ALB with targets of type instance goes to pods by a port of the nodes, and where one
 * Service has none its controller refuses all of the Ingress: so the canary Service has one where the Service has. For
 * everybody else it needs no more than an address inside the cluster.
 */
export function reachOf(
  traffic: Partial<Traffic>,
  { type, externalTrafficPolicy }: Reach,
): Omit<Reach, 'type'> & { readonly type: 'ClusterIP' | 'NodePort' } {
  if (!traffic.alb || type === 'ClusterIP') return { type: 'ClusterIP' };
  return { type: 'NodePort', ...(externalTrafficPolicy === undefined ? {} : { externalTrafficPolicy }) };
}

interface Reach {
  readonly type: string;
  readonly externalTrafficPolicy?: string;
}

function isShared(key: string): boolean {
  return ANNOTATIONS.includes(key) || ANNOTATION_PREFIXES.some((prefix) => key.startsWith(prefix));
}

function pick<T>(map: Readonly<Record<string, T>>, isWanted: (key: string) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => isWanted(key)));
}
