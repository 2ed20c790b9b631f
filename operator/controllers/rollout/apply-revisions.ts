// SPDX-License-Identifier: Apache-2.0
import type { Rollout } from '../../engine/rollout/rollout.ts';
import { FIELD_MANAGER } from '../../api/group.ts';
import { revisionHash } from '../../engine/rollout/config.ts';
import { resources } from '../../kube/resources.ts';
import { WaitingError } from '../../runtime/errors.ts';
import type { ActionOf, ApplyContext } from './apply-context.ts';
import { contentOf, resourceOf } from './config-reader.ts';
import { buildConfigCopy, buildRevision } from './objects.ts';
import { remove } from './remove.ts';

/** Writes to the Deployments of revisions and to what they read from. */

/** What is copied is what the plan has seen; where the target has changed since, there is a new plan to make. */
export async function createRevision(
  context: ApplyContext,
  rollout: Rollout,
  action: ActionOf<'createRevision'>,
): Promise<void> {
  const { namespace } = rollout.metadata;
  const target = context.stores.deployments.get(`${namespace}/${rollout.spec.targetRef.name}`);
  if (target?.source === undefined || revisionHash(target.hash, action.config) !== action.revision) {
    throw new WaitingError('Progressing', 'the template has just changed again', 100);
  }
  const revision = buildRevision(rollout, target.source, action);
  const made = await context.client.create(resources.deployments, revision);
  context.ledger.wrote(rollout, context.stores.deployments, made);
}

/** As createRevision: what is copied is what the plan has seen. */
export async function copyConfig(
  { client, ledger, stores }: ApplyContext,
  rollout: Rollout,
  action: ActionOf<'copyConfig'>,
): Promise<void> {
  const { namespace } = rollout.metadata;
  const { config, name, copy, revision, deployment } = action;
  const uid = stores.deployments.get(`${namespace}/${deployment}`)?.uid;
  const source = await client.get(resourceOf(config), { namespace, name });
  if (uid === undefined || contentOf(source) !== action.content) {
    throw new WaitingError('Progressing', `${config} ${name} has just changed again`, 100);
  }
  const object = buildConfigCopy(rollout, source, { copy, revision, owner: { name: deployment, uid } });
  const made = await client.create(resourceOf(config), object);
  if (config === 'ConfigMap') ledger.wrote(rollout, stores.configMaps, made);
}

export async function scaleRevision(
  context: ApplyContext,
  rollout: Rollout,
  { deployment, replicas }: ActionOf<'scaleRevision'>,
): Promise<void> {
  const { namespace } = rollout.metadata;
  const uid = context.stores.deployments.get(`${namespace}/${deployment}`)?.uid;
  const patch = { metadata: { uid }, spec: { replicas } };
  const scaled = await context.client.mergePatch(
    resources.deployments,
    { namespace, name: deployment },
    { patch, fieldManager: FIELD_MANAGER },
  );
  context.ledger.wrote(rollout, context.stores.deployments, scaled);
}

export function deleteRevision(
  context: ApplyContext,
  rollout: Rollout,
  action: ActionOf<'deleteRevision'>,
): Promise<void> {
  const { deployment: name, uid } = action;
  return remove(context, rollout, {
    resource: resources.deployments,
    store: context.stores.deployments,
    name,
    uid,
  });
}
