// SPDX-License-Identifier: Apache-2.0
// Objects for the tests of this folder, as the API server would send them, and what it makes of a write.
import { parse } from 'yaml';
import type { KubeObject } from '../../../kube/objects.ts';
import { patched } from '../test-patch.ts';
import type { RouteWrite } from '../types.ts';
import { projectRoute, type OwnRouteTarget, type UserRoutesTarget } from './schema.ts';

/** A route from the YAML of its spec: HTTPRoute `web` in namespace `shop`, accepted at its generation. */
export function routeFrom(spec: string, name = 'web'): KubeObject {
  return accepted({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: {
      name,
      namespace: 'shop',
      uid: `uid-${name}`,
      resourceVersion: '7',
      generation: 3,
      managedFields: [
        { manager: 'argocd', operation: 'Apply', time: '2026-11-21T09:00:00Z', fieldsV1: RULES_FIELD },
      ],
    },
    spec: { parentRefs: [{ name: 'main' }], ...(parse(spec) as object) },
  });
}

const RULES_FIELD = { 'f:spec': { 'f:rules': {} } };

/** One rule that takes everything to Service checkout. */
export const PLAIN = `
parentRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: main}]
rules:
  - matches: [{path: {type: PathPrefix, value: /}}]
    backendRefs: [{group: "", kind: Service, name: checkout, port: 80, weight: 1}]
`;

/** The Gateway has taken up the route as it is. */
export function accepted(route: KubeObject): KubeObject {
  const observedGeneration = route.metadata.generation;
  const condition = (type: string) => ({
    type,
    status: 'True',
    reason: type,
    message: '',
    observedGeneration,
  });
  const parent = {
    parentRef: { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'main' },
    controllerName: 'traefik.io/gateway-controller',
    conditions: [condition('Accepted'), condition('ResolvedRefs')],
  };
  return { ...route, status: { parents: [parent] } };
}

export function targetFor(...routes: readonly KubeObject[]): UserRoutesTarget {
  return {
    namespace: 'shop',
    canary: { kind: 'Canary', name: 'checkout', uid: 'uid-canary' },
    service: 'checkout',
    canaryService: 'checkout-canary',
    match: [],
    routes: routes.map((route) => ({
      kind: route.kind === 'GRPCRoute' ? 'GRPCRoute' : 'HTTPRoute',
      name: route.metadata.name ?? '',
      route: projectRoute(route),
      isServed: true,
    })),
  };
}

export function ownTarget(route?: KubeObject, more: Partial<OwnRouteTarget> = {}): OwnRouteTarget {
  const { routes: _routes, ...target } = targetFor();
  return {
    ...target,
    template: { parentRefs: [{ name: 'main' }] },
    route: route && projectRoute(route),
    ports: [80],
    isServed: true,
    ...more,
  };
}

/** What the API server holds after a write by Headway; the Gateway has not looked yet. */
export function written(route: KubeObject | undefined, write: RouteWrite | undefined): KubeObject {
  if (write?.kind === 'apply') return appliedOver(route, write.object as unknown as KubeObject);
  if (write?.kind !== 'patch' || !route) throw new Error(`not a patch of a route: ${JSON.stringify(write)}`);
  return bumped(patched(route, write.operations), 'headway');
}

/** What it holds after somebody else has changed the spec. */
export function editedBy(manager: string, route: KubeObject, edit: (spec: Spec) => void): KubeObject {
  const object = structuredClone(route);
  edit(object['spec'] as Spec);
  return bumped(object, manager);
}

export interface Spec {
  parentRefs?: unknown;
  rules: Record<string, unknown>[];
}

function appliedOver(route: KubeObject | undefined, object: KubeObject): KubeObject {
  const metadata = { ...route?.metadata, ...object.metadata, uid: 'uid-own' };
  return bumped(
    { ...route, ...structuredClone(object), apiVersion: 'v1', kind: 'HTTPRoute', metadata },
    'headway',
  );
}

function bumped(object: KubeObject, manager: string): KubeObject {
  const { metadata } = object;
  return {
    ...object,
    metadata: {
      ...metadata,
      generation: (metadata.generation ?? 0) + 1,
      resourceVersion: String(Number(metadata.resourceVersion ?? '0') + 1),
      managedFields: [
        { manager, operation: 'Update', time: '2026-11-21T10:00:00Z', fieldsV1: RULES_FIELD },
        {
          manager: 'traefik',
          operation: 'Update',
          subresource: 'status',
          time: '2026-11-21T11:00:00Z',
          fieldsV1: {},
        },
      ],
    },
  };
}
