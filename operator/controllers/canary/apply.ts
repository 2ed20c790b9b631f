// SPDX-License-Identifier: Apache-2.0
import { FIELD_MANAGER } from '../../api/group.ts';
import type { Canary } from '../../api/kinds.ts';
import { revisionHash } from '../../engine/canary/config.ts';
import { canaryServiceName } from '../../engine/canary/names.ts';
import { labelValue } from '../../engine/names.ts';
import type { Action, Pin } from '../../engine/canary/types.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { type Resource, resources } from '../../kube/resources.ts';
import type { RouteWrite } from '../../providers/traffic/types.ts';
import { WaitingError } from '../../runtime/errors.ts';
import type { Store } from '../../runtime/store.ts';
import { contentOf, resourceOf } from './config-reader.ts';
import { buildCanaryService, buildConfigCopy, buildRevision } from './objects.ts';
import { drainPatch, returnPatch } from './pods.ts';
import type { PodProjection } from './pod-projection.ts';
import { bindRouter } from './route-target.ts';
import { withPin } from './selectors.ts';
import type { CanaryStores } from './stores.ts';
import type { WriteLedger } from './write-ledger.ts';

export interface ApplyContext {
  readonly client: KubeClient;
  readonly stores: CanaryStores;
  readonly ledger: WriteLedger;
}

/** Performs the actions in order and stops at the first error; what was written is remembered for the next look. */
export async function apply(
  context: ApplyContext,
  canary: Canary,
  actions: readonly Action[],
): Promise<void> {
  for (const action of actions) await perform(context, canary, action);
}

type ActionOf<K extends Action['kind']> = Extract<Action, { kind: K }>;

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

/** What is copied is what the plan has seen; where the target has changed since, there is a new plan to make. */
async function createRevision(
  context: ApplyContext,
  canary: Canary,
  action: ActionOf<'createRevision'>,
): Promise<void> {
  const { namespace } = canary.metadata;
  const target = context.stores.deployments.get(`${namespace}/${canary.spec.targetRef.name}`);
  if (target?.source === undefined || revisionHash(target.hash, action.config) !== action.revision) {
    throw new WaitingError('Progressing', 'the template has just changed again', 100);
  }
  const revision = buildRevision(canary, target.source, action);
  const made = await context.client.create(resources.deployments, revision);
  context.ledger.wrote(canary, context.stores.deployments, made);
}

/** As createRevision: what is copied is what the plan has seen. */
async function copyConfig(
  { client, ledger, stores }: ApplyContext,
  canary: Canary,
  action: ActionOf<'copyConfig'>,
): Promise<void> {
  const { namespace } = canary.metadata;
  const { config, name, copy, revision, deployment } = action;
  const uid = stores.deployments.get(`${namespace}/${deployment}`)?.uid;
  const source = await client.get(resourceOf(config), { namespace, name });
  if (uid === undefined || contentOf(source) !== action.content) {
    throw new WaitingError('Progressing', `${config} ${name} has just changed again`, 100);
  }
  const object = buildConfigCopy(canary, source, { copy, revision, owner: { name: deployment, uid } });
  const made = await client.create(resourceOf(config), object);
  if (config === 'ConfigMap') ledger.wrote(canary, stores.configMaps, made);
}

function deleteRevision(
  context: ApplyContext,
  canary: Canary,
  action: ActionOf<'deleteRevision'>,
): Promise<void> {
  const { deployment: name, uid } = action;
  return remove(context, canary, {
    resource: resources.deployments,
    store: context.stores.deployments,
    name,
    uid,
  });
}

async function scaleRevision(
  context: ApplyContext,
  canary: Canary,
  { deployment, replicas }: ActionOf<'scaleRevision'>,
): Promise<void> {
  const { namespace } = canary.metadata;
  const uid = context.stores.deployments.get(`${namespace}/${deployment}`)?.uid;
  const patch = { metadata: { uid }, spec: { replicas } };
  const scaled = await context.client.mergePatch(
    resources.deployments,
    { namespace, name: deployment },
    { patch, fieldManager: FIELD_MANAGER },
  );
  context.ledger.wrote(canary, context.stores.deployments, scaled);
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

/** The selector is one map: replaced as a whole, and only if nobody has touched the Service since it was read. */
async function pinService(context: ApplyContext, canary: Canary, pin: Pin): Promise<void> {
  const { namespace, name } = canary.metadata;
  const service = context.stores.services.get(`${namespace}/${canary.spec.service.name}`);
  if (!service) return;
  const pinned = await context.client.jsonPatch(resources.services, service, {
    fieldManager: FIELD_MANAGER,
    operations: [
      { op: 'test', path: '/metadata/resourceVersion', value: service.resourceVersion },
      { op: 'replace', path: '/spec/selector', value: withPin(service.selector, pin, labelValue(name)) },
    ],
  });
  context.ledger.wrote(canary, context.stores.services, pinned);
}

async function pinCanaryService(context: ApplyContext, canary: Canary, revision: string): Promise<void> {
  const service = context.stores.services.get(`${canary.metadata.namespace}/${canary.spec.service.name}`);
  if (!service) return;
  const object = buildCanaryService(canary, service, revision);
  const applied = await context.client.apply(resources.services, object, {
    fieldManager: FIELD_MANAGER,
    force: true,
  });
  context.ledger.wrote(canary, context.stores.services, applied);
}

async function removeCanaryService(context: ApplyContext, canary: Canary): Promise<void> {
  const name = canaryServiceName(canary.spec.service.name);
  const service = context.stores.services.get(`${canary.metadata.namespace}/${name}`);
  if (!service) return;
  await remove(context, canary, {
    resource: resources.services,
    store: context.stores.services,
    name,
    uid: service.uid,
  });
}

async function writeRoute(
  context: ApplyContext,
  canary: Canary,
  writes: readonly RouteWrite[],
): Promise<void> {
  for (const write of writes) {
    const resource = resources[write.resource];
    const store = context.stores[write.resource];
    if (write.kind === 'delete') {
      await remove(context, canary, { resource, store, name: write.name, uid: write.uid });
    } else {
      context.ledger.wrote(canary, store, await sendRoute(context, resource, write));
    }
  }
}

function sendRoute(
  { client }: ApplyContext,
  resource: Resource,
  write: Exclude<RouteWrite, { kind: 'delete' }>,
): Promise<KubeObject> {
  if (write.kind === 'apply')
    return client.apply(resource, write.object, { fieldManager: FIELD_MANAGER, force: true });
  const { operations, ...ref } = write;
  return client.jsonPatch(resource, ref, { fieldManager: FIELD_MANAGER, operations });
}

interface Removal {
  readonly resource: Resource;
  readonly store: Store<unknown>;
  readonly name: string;
  readonly uid: string;
}

/** Deletes exactly the object that was seen; one that is gone already is as it should be. */
async function remove({ client, ledger }: ApplyContext, canary: Canary, removal: Removal): Promise<void> {
  const { namespace } = canary.metadata;
  const { resource, store, name, uid } = removal;
  try {
    await client.delete(resource, { namespace, name }, { uid, propagationPolicy: 'Background' });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  ledger.removed(canary, store, { key: `${namespace}/${name}`, uid });
}
