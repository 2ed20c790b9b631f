// SPDX-License-Identifier: Apache-2.0
// A namespace of a real API server with the CRDs of the Gateway API, for the tests of both routers.
// oxlint-disable no-restricted-imports -- the garbage collector wants the owner, a Canary, to exist, and the CRDs come
// with the test cluster
import { parse } from 'yaml';
import type { RouteKind } from '../../../api/gateway.ts';
import { kubectl } from '../../../crd/test-server.ts';
import { type Place, usePlace } from '../../../crd/use-place.ts';
import type { JsonPatchOperation, KubeObject } from '../../../kube/objects.ts';
import { resources } from '../../../kube/resources.ts';
import { installGatewayApi } from '../../../../test/cluster/gateway-api.ts';

/** An API server with the CRDs of the Gateway API for a file of tests, and a namespace for each test. */
export function useGatewayPlace(): Place {
  return usePlace(async () => {
    await installGatewayApi(kubectl);
  });
}

export function resourceOf(kind: RouteKind) {
  return kind === 'HTTPRoute' ? resources.httpRoutes : resources.grpcRoutes;
}

/** A route as GitOps makes it, from the YAML of its spec. */
export function applyRoute(
  { client, namespace }: Place,
  { kind, name, spec }: { kind: RouteKind; name: string; spec: string },
): Promise<KubeObject> {
  const object = { metadata: { name, namespace }, spec: parse(spec) as object };
  return client.apply(resourceOf(kind), object, { fieldManager: 'gitops', force: true });
}

/** Undefined: there is none. */
export async function findRoute(
  { client, namespace }: Place,
  { kind, name }: { kind: RouteKind; name: string },
): Promise<KubeObject | undefined> {
  const { items } = await client.list(resourceOf(kind), { namespace });
  return items.find(({ metadata }) => metadata.name === name);
}

/** A change by hand. */
export function edit(
  { client, namespace }: Place,
  { kind, name }: { kind: RouteKind; name: string },
  ...operations: readonly JsonPatchOperation[]
): Promise<KubeObject> {
  return client.jsonPatch(resourceOf(kind), { namespace, name }, { operations, fieldManager: 'somebody' });
}

interface Spec {
  readonly parentRefs: readonly object[];
}

/** What a Gateway answers: all parents have taken up the route as it is, or give another answer to `Accepted`. */
export async function answer(
  place: Place,
  { kind, name }: { kind: RouteKind; name: string },
  accepted = { status: 'True', reason: 'Accepted', message: '' },
): Promise<void> {
  const route = await findRoute(place, { kind, name });
  const { parentRefs } = (route as unknown as { spec: Spec }).spec;
  const more = {
    observedGeneration: route?.metadata.generation,
    lastTransitionTime: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
  };
  const resolved = { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs', message: '' };
  const conditions = [{ type: 'Accepted', ...accepted }, resolved].map((one) => ({ ...one, ...more }));
  const parents = parentRefs.map((parentRef) => ({
    parentRef,
    controllerName: 'example.com/gateway',
    conditions,
  }));
  await place.client.mergePatch(
    resourceOf(kind),
    { namespace: place.namespace, name },
    { patch: { status: { parents } }, subresource: 'status', fieldManager: 'gateway' },
  );
}
