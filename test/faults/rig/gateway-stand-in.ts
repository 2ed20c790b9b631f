// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { watchResource } from '../../../bench/watched.ts';
import type { KubeClient } from '../../../operator/kube/client.ts';
import { isConflict, isNotFound } from '../../../operator/kube/errors.ts';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { admin } from '../../e2e/support/world.ts';

/** A route with this annotation is not answered: its status stays what it was. */
const UNANSWERED = 'test.headway.dev/unanswered';

const RouteShape = z.looseObject({
  spec: z.looseObject({ parentRefs: z.array(z.looseObject({})).default([]) }),
  status: z
    .looseObject({
      parents: z
        .array(z.looseObject({ conditions: z.array(z.looseObject({ observedGeneration: z.int() })) }))
        .default([]),
    })
    .prefault({}),
});

interface RouteView {
  readonly namespace: string;
  readonly name: string;
  readonly generation: number;
  readonly parentRefs: readonly object[];
  /** Nothing is to be said about it, or not now. */
  readonly isQuiet: boolean;
}

function viewOf(object: KubeObject): RouteView {
  const { metadata } = object;
  const { generation = 0, annotations = {} } = metadata;
  const { spec, status } = RouteShape.parse(object);
  const said = status.parents.flatMap(({ conditions }) => conditions);
  const isAnswered = said.length > 0 && said.every((one) => one.observedGeneration === generation);
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    generation,
    parentRefs: spec.parentRefs,
    isQuiet: isAnswered || annotations[UNANSWERED] !== undefined,
  };
}

/** Stands in for the Gateways of every HTTPRoute: each has taken up at once what the route says, by its status alone. */
export async function startGatewayStandIn(client: KubeClient): Promise<{ stop(): Promise<void> }> {
  let failure: unknown;

  async function answer(route: RouteView): Promise<void> {
    try {
      const patch = { status: { parents: route.parentRefs.map((one) => acceptedBy(one, route)) } };
      const change = { patch, subresource: 'status', fieldManager: 'gateway' } as const;
      await client.mergePatch(resources.httpRoutes, route, change);
    } catch (error) {
      // somebody has deleted or changed it meanwhile; the next event says so
      if (!isNotFound(error) && !isConflict(error)) failure ??= error;
    }
  }

  const watched = await watchResource({
    client,
    resource: resources.httpRoutes,
    project: viewOf,
    onChange: ({ type, entry }) => {
      if (type !== 'delete' && !entry.value.isQuiet) void answer(entry.value);
    },
  });
  return {
    async stop() {
      await watched.stop();
      if (failure !== undefined) throw new Error('a route could not be answered', { cause: failure });
    },
  };
}

function acceptedBy(parentRef: object, { generation }: RouteView): object {
  const lastTransitionTime = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const conditions = ['Accepted', 'ResolvedRefs'].map((type) => ({
    type,
    status: 'True',
    reason: type,
    message: '',
    observedGeneration: generation,
    lastTransitionTime,
  }));
  return { parentRef, controllerName: 'test.headway.dev/gateway', conditions };
}

/** Keeps the Gateways from answering the route of a shop until the answered function is called. */
export async function silenceGateways({ namespace }: { namespace: string }): Promise<() => Promise<void>> {
  const set = async (value: string | null): Promise<void> => {
    const patch = { metadata: { annotations: { [UNANSWERED]: value } } };
    await admin().mergePatch(
      resources.httpRoutes,
      { namespace, name: 'shop' },
      { patch, fieldManager: 'test' },
    );
  };
  await set('as the test wants');
  return () => set(null);
}
