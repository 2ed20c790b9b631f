// SPDX-License-Identifier: Apache-2.0
// Objects for the tests of this folder, as the API server would send them, and what it makes of a write.
import { parse } from 'yaml';
import type { KubeObject } from '../../../kube/objects.ts';
import { projectIngress } from '../ingress/schema.ts';
import type { RouteWrite } from '../types.ts';
import type { AlbTarget } from './schema.ts';

export const PREFIX = 'alb.ingress.kubernetes.io';
export const KEY = `${PREFIX}/actions.checkout`;

/** One host, one path, to the action checkout. */
export const SPEC = `
ingressClassName: alb
rules:
  - host: shop.example.com
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout, port: {name: use-annotation}}}}]
`;

/** Ingress `web` in namespace `shop`, as Argo CD applied it, with this action; undefined: with none. */
export function ingressWith(
  action: string | undefined,
  { spec = SPEC, annotations = {} }: { spec?: string; annotations?: Record<string, string> } = {},
): KubeObject {
  const all = {
    [`${PREFIX}/scheme`]: 'internal',
    ...annotations,
    ...(action === undefined ? {} : { [KEY]: action }),
  };
  const object = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web', namespace: 'shop', uid: 'uid-web', resourceVersion: '7', annotations: all },
    spec: parse(spec) as object,
  };
  return writtenBy('argocd', object, Object.keys(all));
}

/** The action that forwards to target groups given as `name:port=weight`, without a weight as `name:port`. */
export function actionOf(...groups: readonly string[]): string {
  return JSON.stringify({ type: 'forward', forwardConfig: { targetGroups: groups.map(groupOf) } });
}

function groupOf(text: string): object {
  const [, serviceName, servicePort, weight] = /^([^:]+):([^=]+)(?:=(.+))?$/.exec(text) ?? [];
  return { serviceName, servicePort, ...(weight === undefined ? {} : { weight: Number(weight) }) };
}

/** The target groups of an action in the same words. */
export function groupsIn(action: string | undefined): string {
  const { forwardConfig } = JSON.parse(action ?? '') as { forwardConfig: { targetGroups: Group[] } };
  return forwardConfig.targetGroups
    .map(
      ({ serviceName, servicePort, weight }) =>
        `${serviceName}:${servicePort}${weight === undefined ? '' : `=${weight}`}`,
    )
    .join(', ');
}

interface Group {
  readonly serviceName: string;
  readonly servicePort: string;
  readonly weight?: number;
}

export function targetFor(ingress: KubeObject | undefined, more: Partial<AlbTarget> = {}): AlbTarget {
  return {
    namespace: 'shop',
    canary: { kind: 'Canary', name: 'checkout', uid: 'uid-canary' },
    service: 'checkout',
    canaryService: 'checkout-canary',
    match: [],
    ingressName: 'web',
    action: 'checkout',
    annotationPrefix: PREFIX,
    ingress: ingress && projectIngress(ingress),
    ...more,
  };
}

/** What the API server holds after a write by Headway. */
export function written(ingress: KubeObject, write: RouteWrite | undefined): KubeObject {
  if (write?.kind !== 'patch') throw new Error(`not a patch of an Ingress: ${JSON.stringify(write)}`);
  const [test, ...changes] = write.operations;
  const version = { op: 'test', path: '/metadata/resourceVersion', value: ingress.metadata.resourceVersion };
  if (JSON.stringify(test) !== JSON.stringify(version)) throw new Error(`tests ${JSON.stringify(test)}`);
  const set = changes.map((operation) => {
    const key = operation.path
      .replace('/metadata/annotations/', '')
      .replaceAll('~1', '/')
      .replaceAll('~0', '~');
    if (operation.op !== 'add' && operation.op !== 'replace') return [key, undefined] as const;
    return [key, operation.value as string] as const;
  });
  return annotatedBy('headway', ingress, Object.fromEntries(set));
}

/** What it holds after somebody has set these annotations; undefined takes one away. */
export function annotatedBy(
  manager: string,
  ingress: KubeObject,
  annotations: Record<string, string | undefined>,
): KubeObject {
  const object = structuredClone(ingress);
  for (const [key, text] of Object.entries(annotations)) {
    if (text === undefined) delete object.metadata.annotations?.[key];
    else object.metadata.annotations = { ...object.metadata.annotations, [key]: text };
  }
  object.metadata.resourceVersion = String(Number(object.metadata.resourceVersion) + 1);
  return writtenBy(manager, object, Object.keys(annotations));
}

/** A field that one manager changes is no longer another's. */
function writtenBy(manager: string, object: KubeObject, keys: readonly string[]): KubeObject {
  const before = object.metadata.managedFields ?? [];
  const kept = before.map((entry) => ({
    ...entry,
    fieldsV1: fieldsOf(keysOf(entry.fieldsV1).filter((key) => !keys.includes(key))),
  }));
  const time = `2026-11-21T10:00:0${before.length}Z`;
  const added = { manager, operation: 'Update', time, fieldsV1: fieldsOf(keys) };
  return { ...object, metadata: { ...object.metadata, managedFields: [...kept, added] } };
}

function fieldsOf(keys: readonly string[]): Record<string, unknown> {
  const names = Object.fromEntries(keys.map((key) => [`f:${key}`, {}]));
  return { 'f:metadata': { 'f:annotations': { '.': {}, ...names } } };
}

function keysOf(fieldsV1: Record<string, unknown> | undefined): string[] {
  const metadata = fieldsV1?.['f:metadata'] as { 'f:annotations': object };
  return Object.keys(metadata['f:annotations']).flatMap((key) =>
    key === '.' ? [] : [key.slice('f:'.length)],
  );
}

/** The annotation of the action, as it is now. */
export function actionIn(ingress: KubeObject): string | undefined {
  return ingress.metadata.annotations?.[KEY];
}
