// SPDX-License-Identifier: Apache-2.0
// Objects for the tests of this folder, as the API server would send them.
import { parse } from 'yaml';
import type { KubeObject, ManagedFields } from '../../../kube/objects.ts';
import type { RouteWrite } from '../types.ts';
import { type IngressSnapshot, type IngressTarget, projectIngress } from './schema.ts';

export const PREFIX = 'nginx.ingress.kubernetes.io';

/** An Ingress from YAML; name `web`, namespace `shop` and a uid are filled in. */
export function ingressFrom(yaml: string): KubeObject {
  const given = parse(yaml) as Partial<KubeObject>;
  const metadata = {
    name: 'web',
    namespace: 'shop',
    uid: 'uid-web',
    resourceVersion: '7',
    ...given.metadata,
  };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', ...given, metadata };
}

/** One host, one path, to Service checkout. */
export const PLAIN = `
spec:
  ingressClassName: nginx
  rules:
    - host: shop.example.com
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout, port: {number: 80}}}}]}
`;

export function targetFor(ingress: KubeObject | undefined, more: Partial<IngressTarget> = {}): IngressTarget {
  const snapshot = ingress && projectIngress(ingress);
  return {
    namespace: 'shop',
    canary: { kind: 'Canary', name: 'checkout', uid: 'uid-canary' },
    service: 'checkout',
    canaryService: 'checkout-canary',
    match: [],
    ingressName: 'web',
    annotationPrefix: PREFIX,
    ingress: snapshot,
    canaryIngress: undefined,
    neighbours: snapshot ? [snapshot] : [],
    ...more,
  };
}

/** What the API server holds after an apply by Headway. */
export function applied(write: RouteWrite | undefined): KubeObject {
  if (write?.kind !== 'apply') throw new Error(`not an apply: ${JSON.stringify(write)}`);
  const object = structuredClone(write.object) as unknown as KubeObject;
  object.metadata.uid = 'uid-web-canary';
  object.metadata.resourceVersion = '8';
  object.metadata.managedFields = [entry('headway', 'Apply', object, '2026-11-21T10:00:00Z')];
  return object;
}

/** What it holds after another manager has set these annotations (undefined: removed them) and spec fields. */
export function changedBy(
  manager: string,
  live: KubeObject,
  change: { annotations?: Record<string, string | undefined>; spec?: Record<string, unknown> },
): KubeObject {
  const object = structuredClone(live);
  const { annotations = {}, spec = {} } = change;
  const kept = { ...object.metadata.annotations, ...annotations };
  object.metadata.annotations = JSON.parse(JSON.stringify(kept)) as Record<string, string>;
  object['spec'] = { ...(object['spec'] as object), ...spec };
  for (const mine of object.metadata.managedFields ?? []) disown(mine, change);
  const set = Object.fromEntries(Object.entries(annotations).filter(([, value]) => value !== undefined));
  const touched = { ...object, metadata: { annotations: set as Record<string, string> }, spec };
  const claim = entry(manager, 'Update', touched, '2026-11-21T10:05:00Z');
  object.metadata.managedFields = [...(object.metadata.managedFields ?? []), claim];
  return object;
}

function entry(manager: string, operation: string, object: KubeObject, time: string): ManagedFields {
  const { annotations = {}, labels = {} } = object.metadata;
  const fieldsV1 = {
    'f:metadata': { 'f:annotations': { '.': {}, ...marked(annotations) }, 'f:labels': marked(labels) },
    'f:spec': marked(object['spec'] as object),
  };
  return { manager, operation, time, fieldsV1 };
}

function marked(map: object): Record<string, object> {
  return Object.fromEntries(Object.keys(map).map((key) => [`f:${key}`, {}]));
}

function disown(entryOf: ManagedFields, change: { annotations?: object; spec?: object }): void {
  const fields = entryOf.fieldsV1 as Record<string, Record<string, Record<string, object>>>;
  for (const key of Object.keys(change.annotations ?? {})) {
    delete fields['f:metadata']?.['f:annotations']?.[`f:${key}`];
  }
  for (const key of Object.keys(change.spec ?? {})) delete fields['f:spec']?.[`f:${key}`];
}

/** The snapshot of what is live, ready to be put into a target. */
export function live(object: KubeObject): IngressSnapshot {
  return projectIngress(object);
}
