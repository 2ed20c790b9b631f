// SPDX-License-Identifier: Apache-2.0
// Objects for the tests of this folder, as the API server would send them, and what it makes of writes.
import { parse } from 'yaml';
import type { KubeObject } from '../../../kube/objects.ts';
import { patched } from '../test-patch.ts';
import type { RouteWrite } from '../types.ts';
import { projectDestinationRule, projectVirtualService, type IstioTarget } from './schema.ts';

/** A VirtualService from the YAML of its spec, in namespace `shop`. */
export function virtualService(spec: string, name = 'web'): KubeObject {
  return object('VirtualService', name, spec);
}

/** A DestinationRule from the YAML of its spec, in namespace `shop`. */
export function destinationRule(spec: string, name = 'checkout'): KubeObject {
  return object('DestinationRule', name, spec);
}

function object(kind: string, name: string, text: string): KubeObject {
  const spec = parse(text) as object;
  const metadata = {
    name,
    namespace: 'shop',
    uid: `uid-${name}`,
    resourceVersion: '7',
    generation: 3,
    creationTimestamp: '2026-11-21T08:00:00Z',
    managedFields: [writtenBy('argocd', spec, '2026-11-21T09:00:00Z')],
  };
  return { apiVersion: 'networking.istio.io/v1', kind, metadata, spec };
}

function writtenBy(manager: string, spec: object, time: string) {
  const fields = Object.fromEntries(Object.keys(spec).map((field) => [`f:${field}`, {}]));
  return { manager, operation: 'Update', time, fieldsV1: { 'f:spec': fields } };
}

/** One http route that takes everything to Service checkout. */
export const PLAIN = `
hosts: [checkout]
http: [{route: [{destination: {host: checkout}}]}]
`;

export interface Cluster {
  readonly virtualServices: readonly KubeObject[];
  readonly destinationRules?: readonly KubeObject[];
}

export function targetFor(
  { virtualServices, destinationRules = [] }: Cluster,
  more: Partial<IstioTarget> = {},
): IstioTarget {
  return {
    namespace: 'shop',
    canary: { kind: 'Canary', name: 'checkout', uid: 'uid-canary' },
    service: 'checkout',
    canaryService: 'checkout-canary',
    match: [],
    virtualServices: virtualServices.map((one) => ({
      name: one.metadata.name ?? '',
      found: projectVirtualService(one),
    })),
    destinationRules: destinationRules.map(projectDestinationRule),
    isServed: true,
    podLabels: { app: 'checkout', version: 'v2' },
    ...more,
  };
}

/** What the API server holds after these writes by Headway. */
export function after(cluster: Cluster, writes: readonly RouteWrite[]): Required<Cluster> {
  return writes.reduce<Required<Cluster>>(afterOne, { destinationRules: [], ...cluster });
}

function afterOne(cluster: Required<Cluster>, write: RouteWrite): Required<Cluster> {
  const list = write.resource === 'virtualServices' ? 'virtualServices' : 'destinationRules';
  const objects = cluster[list];
  const name = write.kind === 'apply' ? write.object.metadata.name : write.name;
  const others = objects.filter(({ metadata }) => metadata.name !== name);
  if (write.kind === 'delete') return { ...cluster, [list]: others };
  const live = objects.find(({ metadata }) => metadata.name === name);
  const written = write.kind === 'apply' ? applied(write.object as unknown as KubeObject, live) : live;
  if (!written) throw new Error(`a patch of ${name}, which is not there`);
  const next = bumped(write.kind === 'patch' ? patched(written, write.operations) : written, 'headway');
  return {
    ...cluster,
    [list]: objects.includes(live as KubeObject)
      ? objects.map((one) => (one === live ? next : one))
      : [...others, next],
  };
}

function applied(wanted: KubeObject, live: KubeObject | undefined): KubeObject {
  const { metadata, spec } = structuredClone(wanted);
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { uid: 'uid-new', resourceVersion: '1', ...live?.metadata, ...metadata },
    spec,
  };
}

/** What it holds after somebody else has changed an object. */
export function editedBy(manager: string, before: KubeObject, edit: (spec: Spec) => void): KubeObject {
  const copy = structuredClone(before);
  edit(copy['spec'] as Spec);
  return bumped(copy, manager);
}

export interface Spec {
  http: HttpSpec[];
  [field: string]: unknown;
}

export interface HttpSpec {
  name?: string;
  match?: object[];
  route?: { destination: { host: string; subset?: string }; weight?: number }[];
  [field: string]: unknown;
}

export function specOf({ spec }: KubeObject): Spec {
  return spec as Spec;
}

/** Each http route with its destinations and their weights, as `checkout 95, checkout-canary 5`. */
export function destinationsOf(one: KubeObject): string[] {
  return specOf(one).http.map(({ route = [] }) =>
    route
      .map(
        ({ destination: { host, subset }, weight }) =>
          `${host}${subset ? `/${subset}` : ''} ${weight ?? '-'}`,
      )
      .join(', '),
  );
}

function bumped(one: KubeObject, manager: string): KubeObject {
  const { metadata } = one;
  return {
    ...one,
    metadata: {
      ...metadata,
      generation: (metadata.generation ?? 0) + 1,
      resourceVersion: String(Number(metadata.resourceVersion ?? '0') + 1),
      managedFields: [writtenBy(manager, specOf(one), '2026-11-21T10:00:00Z')],
    },
  };
}
