// SPDX-License-Identifier: Apache-2.0
// Objects for the tests of this folder, as the API server would send them, and what it makes of a write.
import { parse } from 'yaml';
import type { KubeObject } from '../../../kube/objects.ts';
import { patched } from '../test-patch.ts';
import type { RouteWrite } from '../types.ts';
import { projectTraefikService, type TraefikTarget } from './schema.ts';

/** TraefikService `web` in namespace `shop` from the YAML of its spec, written by Argo CD. */
export function serviceFrom(spec: string): KubeObject {
  const object = {
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'TraefikService',
    metadata: { name: 'web', namespace: 'shop', uid: 'uid-web', resourceVersion: '7' },
    spec: parse(spec) as object,
  };
  return writtenBy('argocd', object);
}

/** One entry, which names the Service. */
export const PLAIN = 'weighted: {services: [{name: checkout, port: 80}]}';

/** The entries from YAML, as weighted.services. */
export function entries(...list: string[]): KubeObject {
  return serviceFrom(`weighted: {services: [${list.join(', ')}]}`);
}

export function targetFor(object?: KubeObject, more: Partial<TraefikTarget> = {}): TraefikTarget {
  return {
    namespace: 'shop',
    canary: { kind: 'Canary', name: 'checkout', uid: 'uid-canary' },
    service: 'checkout',
    canaryService: 'checkout-canary',
    match: [],
    name: 'web',
    found: object && projectTraefikService(object),
    isServed: true,
    ...more,
  };
}

/** What the API server holds after a write by Headway. */
export function written(object: KubeObject, write: RouteWrite | undefined): KubeObject {
  if (write?.kind !== 'patch') throw new Error(`not a patch: ${JSON.stringify(write)}`);
  const after = patched(object, write.operations);
  const isListed = write.operations.some(({ path }) => path.startsWith('/spec'));
  return isListed ? writtenBy('headway', after) : bumped(after);
}

/** What it holds after somebody else has written the list. */
export function editedBy(manager: string, object: KubeObject, services: string): KubeObject {
  const spec = { weighted: { services: parse(services) as unknown } };
  return writtenBy(manager, { ...object, spec });
}

function writtenBy(manager: string, object: KubeObject): KubeObject {
  const fieldsV1 = { 'f:spec': { '.': {}, 'f:weighted': { '.': {}, 'f:services': {} } } };
  const managedFields = [{ manager, operation: 'Update', time: '2026-11-21T09:00:00Z', fieldsV1 }];
  return bumped({ ...object, metadata: { ...object.metadata, managedFields } });
}

function bumped(object: KubeObject): KubeObject {
  const { metadata } = object;
  return {
    ...object,
    metadata: { ...metadata, resourceVersion: String(Number(metadata.resourceVersion ?? '0') + 1) },
  };
}
