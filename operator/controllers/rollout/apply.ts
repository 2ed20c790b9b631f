// SPDX-License-Identifier: Apache-2.0
import type { Rollout } from '../../engine/rollout/rollout.ts';
import { FIELD_MANAGER } from '../../api/group.ts';
import type { Action } from '../../engine/rollout/types.ts';
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
  rollout: Rollout,
  actions: readonly Action[],
): Promise<boolean> {
  for (const action of actions) {
    if (!context.ledger.hasMet(keyOf(rollout))) return false;
    await perform(context, rollout, action);
  }
  return true;
}

const PERFORMERS: {
  readonly [K in Action['kind']]: (
    context: ApplyContext,
    rollout: Rollout,
    action: ActionOf<K>,
  ) => Promise<void>;
} = {
  createRevision,
  copyConfig,
  scaleRevision,
  deleteRevision,
  drainPod: (context, rollout, { pod, uid }) =>
    patchPod(context, rollout, pod, (known) => drainPatch(uid, known)),
  returnPod: (context, rollout, { pod, uid }) =>
    patchPod(context, rollout, pod, (known) => returnPatch(uid, known)),
  scaleTarget: (context, rollout, { replicas }) => scaleTarget(context, rollout, replicas),
  setReplicas,
  pinService: (context, rollout, { pin }) => pinService(context, rollout, pin),
  pinCanaryService: (context, rollout, { revision }) => pinCanaryService(context, rollout, revision),
  setWeight: (context, rollout, { weight, matched = false }) =>
    writeRoute(context, rollout, bindRouter(rollout, context.stores)?.planWeight({ weight, matched }) ?? []),
  restRoute: (context, rollout) =>
    writeRoute(context, rollout, bindRouter(rollout, context.stores)?.planRest() ?? []),
  removeCanaryService,
};

function perform<K extends Action['kind']>(
  context: ApplyContext,
  rollout: Rollout,
  action: ActionOf<K> & { kind: K },
): Promise<void> {
  return PERFORMERS[action.kind](context, rollout, action);
}

/** Nothing but a label and two annotations. A pod that has gone meanwhile needs none of them. */
async function patchPod(
  { client, stores, ledger }: ApplyContext,
  rollout: Rollout,
  name: string,
  patchOf: (known: PodProjection | undefined) => Record<string, unknown>,
): Promise<void> {
  const { namespace } = rollout.metadata;
  const patch = patchOf(stores.pods.get(`${namespace}/${name}`));
  try {
    const pod = { namespace, name };
    const patched = await client.mergePatch(resources.pods, pod, { patch, fieldManager: FIELD_MANAGER });
    ledger.wrote(rollout, stores.pods, patched);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Only this one field of the user's Deployment is ours. */
async function scaleTarget(context: ApplyContext, rollout: Rollout, replicas: number): Promise<void> {
  const { namespace } = rollout.metadata;
  const { name } = rollout.spec.targetRef;
  const uid = context.stores.deployments.get(`${namespace}/${name}`)?.uid;
  const object = { metadata: { namespace, name, uid }, spec: { replicas } };
  const scaled = await context.client.apply(resources.deployments, object, {
    fieldManager: FIELD_MANAGER,
    force: true,
  });
  context.ledger.wrote(rollout, context.stores.deployments, scaled);
}

/** Only where no number is, and nobody has written to the Canary since it was read. */
async function setReplicas(
  { client, kind, stores, ledger }: ApplyContext,
  rollout: Rollout,
  { replicas }: ActionOf<'setReplicas'>,
): Promise<void> {
  const { namespace, name, resourceVersion } = rollout.metadata;
  const written = await client.jsonPatch(
    resources[kind.resource],
    { namespace, name },
    {
      fieldManager: FIELD_MANAGER,
      operations: [
        { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
        { op: 'add', path: '/spec/replicas', value: replicas },
      ],
    },
  );
  ledger.wrote(rollout, stores[kind.resource], written);
}
