// SPDX-License-Identifier: Apache-2.0
// Canaries and BlueGreens as the API server holds them, from what the engine and the controllers say.
import { API_VERSION, FINALIZER } from '../../operator/api/group.ts';
import { BlueGreenSpec } from '../../operator/api/blue-green.ts';
import type { BlueGreenStatus } from '../../operator/api/blue-green-status.ts';
import { CanarySpec } from '../../operator/api/canary.ts';
import { UNSEEN } from '../../operator/api/rollout-status.ts';
import { blueGreenKind } from '../../operator/controllers/blue-green/kind.ts';
import { canaryKind } from '../../operator/controllers/canary/kind.ts';
import { finish, withoutAbsent } from '../../operator/controllers/finish.ts';
import type { Reading } from '../../operator/controllers/rollout/read.ts';
import { requireRouter } from '../../operator/controllers/rollout/require-router.ts';
import { describeFailure } from '../../operator/controllers/rollout/serve.ts';
import { blueGreenStatusOf } from '../../operator/engine/blue-green/slots.ts';
import { FakeCluster } from '../../operator/engine/rollout/fake-cluster.ts';
import type { RolloutKind } from '../../operator/engine/rollout/rollout.ts';
import { decodeApiError } from '../../operator/kube/errors.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { resources } from '../../operator/kube/resources.ts';
import { createStore } from '../../operator/runtime/create-store.ts';
import { TerminalError } from '../../operator/runtime/errors.ts';
import { createFakeClock } from '../../operator/runtime/fake-clock.ts';
import { createOwnWrites } from '../../operator/runtime/own-writes.ts';

const SPECS = { Canary: CanarySpec, BlueGreen: BlueGreenSpec };
const KINDS = { Canary: canaryKind, BlueGreen: blueGreenKind };

/** The first revision is blue. */
const FIRST: BlueGreenStatus = { observedGeneration: 1, active: { slot: 'blue', revision: 'aaa' } };

/** The object of a modelled cluster, with the status that is stored of it. */
export function objectOf({ canary, written }: FakeCluster): KubeObject {
  const { kind, metadata, spec, status } = canary;
  const { name, namespace, uid, generation, deletionTimestamp } = metadata;
  const stored = status && kind === 'BlueGreen' ? blueGreenStatusOf(status, FIRST) : status;
  return withoutAbsent({
    apiVersion: API_VERSION,
    kind,
    metadata: {
      name,
      namespace,
      uid,
      generation,
      resourceVersion: '4711',
      creationTimestamp: '2026-11-21T14:00:00Z',
      deletionTimestamp,
      finalizers: [FINALIZER],
    },
    spec: SPECS[kind].parse({ ...spec, ...written }),
    status: stored,
  }) as KubeObject;
}

/** As the API server makes it: the status is the default of the CRD. */
export function unseen(kind: RolloutKind): KubeObject {
  const { metadata, ...object } = objectOf(new FakeCluster({ kind, route: false }));
  const { finalizers: _finalizers, ...fresh } = metadata;
  return { ...object, metadata: fresh, status: withoutAbsent(UNSEEN) };
}

/** Its spec was changed to one that is invalid, as the CRD of an older version may let in. */
export function afterInvalidSpec({ metadata, ...object }: KubeObject): Promise<KubeObject> {
  const spec = { ...(object['spec'] as object), progressDeadline: '1s', onFailure: 'Ignore' };
  const changed = { ...object, metadata: { ...metadata, generation: (metadata.generation ?? 0) + 1 }, spec };
  return failed(changed, specError(changed));
}

/** The operator was started with `--routers` that leave out the way of this object. */
export function afterRouterOff({ metadata, ...object }: KubeObject): Promise<KubeObject> {
  const spec = { ...(object['spec'] as object), traffic: { ingress: { name: 'shop' } } };
  const changed = { ...object, metadata: { ...metadata, generation: (metadata.generation ?? 0) + 1 }, spec };
  return failed(
    changed,
    terminalErrorOf(() => requireRouter(readerOf(changed).rollout(), [])),
  );
}

function specError(object: KubeObject): Error {
  return terminalErrorOf(() => readerOf(object).rollout());
}

function terminalErrorOf(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    if (error instanceof TerminalError) return error;
    throw error;
  }
  throw new Error('there is nothing wrong with it');
}

function readerOf(object: KubeObject): Reading {
  return KINDS[object.kind === 'BlueGreen' ? object.kind : 'Canary'].read(object);
}

/** A right that the operator needs was taken away. */
export function afterForbidden(object: KubeObject): Promise<KubeObject> {
  const message = 'deployments.apps "web-bbb" is forbidden: cannot patch resource "deployments"';
  const call = {
    verb: 'mergePatch',
    resource: resources.deployments,
    namespace: 'shop',
    name: 'web-bbb',
  } as const;
  const body = JSON.stringify({ kind: 'Status', code: 403, reason: 'Forbidden', message });
  return failed(object, decodeApiError(call, { status: 403, body }));
}

/** The object after a reconcile that ended with an error. */
async function failed(object: KubeObject, error: Error): Promise<KubeObject> {
  let status: unknown;
  const clock = createFakeClock();
  const context = {
    client: {
      async apply(_resource: unknown, applied: { status: unknown }) {
        ({ status } = applied);
        return object;
      },
    } as never,
    resource: resources.canaries,
    store: createStore<unknown>({ name: 'any', project: () => null, onError: () => undefined }),
    ownWrites: createOwnWrites(clock),
    recorder: { record: () => undefined },
    clock,
    describeFailure,
  };
  // a transient one is thrown on, for the queue to try again
  await finish(context, { object: readerOf(object), error }).catch((thrown) => {
    if (thrown !== error) throw thrown;
  });
  return { ...object, status };
}
