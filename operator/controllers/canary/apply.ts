// SPDX-License-Identifier: Apache-2.0
import { FIELD_MANAGER } from '../../api/group.ts';
import type { Canary } from '../../api/kinds.ts';
import type { Action } from '../../engine/canary/types.ts';
import { isNotFound } from '../../kube/errors.ts';
import { resources } from '../../kube/resources.ts';
import { keyOf } from '../../runtime/store.ts';
import type { ActionOf, ApplyContext } from './apply-context.ts';
import { copyConfig, createRevision, deleteRevision, scaleRevision } from './apply-revisions.ts';
import { pinCanaryService, pinService, removeCanaryService, writeRoute } from './apply-traffic.ts';
import type { PodProjection } from './pod-projection.ts';
import { drainPatch, returnPatch } from './pods.ts';
import { bindRouter } from './route-target.ts';

/**
 * Performs the actions in order and stops at the first error; what was written is remembered for the next look. False:
 * there was a break in what is seen of the cluster, so that what was decided before it is old and was not gone on with.
 */
export async function apply(
  context: ApplyContext,
  canary: Canary,
  actions: readonly Action[],
): Promise<boolean> {
  for (const action of actions) {
    if (!context.ledger.hasMet(keyOf(canary))) return false;
    await perform(context, canary, action);
  }
  return true;
}

const PERFORMERS: {
  readonly [K in Action['kind']]: (
    context: ApplyContext,
    canary: Canary,
    action: ActionOf<K>,
  ) => Promise<void>;
} = {
  createRevision,
  copyConfig,
  scaleRevision,
  deleteRevision,
  drainPod: (context, canary, { pod, uid }) =>
    patchPod(context, canary, pod, (known) => drainPatch(uid, known)),
  returnPod: (context, canary, { pod, uid }) =>
    patchPod(context, canary, pod, (known) => returnPatch(uid, known)),
  scaleTarget: (context, canary, { replicas }) => scaleTarget(context, canary, replicas),
  setReplicas,
  pinService: (context, canary, { pin }) => pinService(context, canary, pin),
  pinCanaryService: (context, canary, { revision }) => pinCanaryService(context, canary, revision),
  setWeight: (context, canary, { weight, matched = false }) =>
    writeRoute(context, canary, bindRouter(canary, context.stores)?.planWeight({ weight, matched }) ?? []),
  restRoute: (context, canary) =>
    writeRoute(context, canary, bindRouter(canary, context.stores)?.planRest() ?? []),
  removeCanaryService,
};

function perform<K extends Action['kind']>(
  context: ApplyContext,
  canary: Canary,
  action: ActionOf<K> & { kind: K },
): Promise<void> {
  return PERFORMERS[action.kind](context, canary, action);
}

/** Nothing but a label and two annotations. A pod that has gone meanwhile needs none of them. */
async function patchPod(
  { client, stores, ledger }: ApplyContext,
  canary: Canary,
  name: string,
  patchOf: (known: PodProjection | undefined) => Record<string, unknown>,
): Promise<void> {
  const { namespace } = canary.metadata;
  const patch = patchOf(stores.pods.get(`${namespace}/${name}`));
  try {
    const pod = { namespace, name };
    const patched = await client.mergePatch(resources.pods, pod, { patch, fieldManager: FIELD_MANAGER });
    ledger.wrote(canary, stores.pods, patched);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Only this one field of the user's Deployment is ours. */
async function scaleTarget(context: ApplyContext, canary: Canary, replicas: number): Promise<void> {
  const { namespace } = canary.metadata;
  const { name } = canary.spec.targetRef;
  const uid = context.stores.deployments.get(`${namespace}/${name}`)?.uid;
  const object = { metadata: { namespace, name, uid }, spec: { replicas } };
  const scaled = await context.client.apply(resources.deployments, object, {
    fieldManager: FIELD_MANAGER,
    force: true,
  });
  context.ledger.wrote(canary, context.stores.deployments, scaled);
}

/** Only where no number is, and nobody has written to the Canary since it was read. */
async function setReplicas(
  { client, stores, ledger }: ApplyContext,
  canary: Canary,
  { replicas }: ActionOf<'setReplicas'>,
): Promise<void> {
  const { namespace, name, resourceVersion } = canary.metadata;
  const written = await client.jsonPatch(
    resources.canaries,
    { namespace, name },
    {
      fieldManager: FIELD_MANAGER,
      operations: [
        { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
        { op: 'add', path: '/spec/replicas', value: replicas },
      ],
    },
  );
  ledger.wrote(canary, stores.canaries, written);
}
