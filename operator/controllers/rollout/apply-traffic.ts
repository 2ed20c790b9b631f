// SPDX-License-Identifier: Apache-2.0
import type { Rollout } from '../../engine/rollout/rollout.ts';
import { FIELD_MANAGER } from '../../api/group.ts';
import { labelValue } from '../../engine/names.ts';
import type { Pin } from '../../engine/rollout/types.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { type Resource, resources } from '../../kube/resources.ts';
import type { RouteWrite } from '../../providers/traffic/types.ts';
import type { ApplyContext } from './apply-context.ts';
import { buildCanaryService } from './objects.ts';
import { remove } from './remove.ts';
import { withPin } from './selectors.ts';

/** Writes to the Services and to the route: what decides where requests go. */

/** The selector is one map: replaced as a whole, and only if nobody has touched the Service since it was read. */
export async function pinService(context: ApplyContext, rollout: Rollout, pin: Pin): Promise<void> {
  const { namespace, name } = rollout.metadata;
  const service = context.stores.services.get(`${namespace}/${rollout.spec.service.name}`);
  if (!service) return;
  const pinned = await context.client.jsonPatch(resources.services, service, {
    fieldManager: FIELD_MANAGER,
    operations: [
      { op: 'test', path: '/metadata/resourceVersion', value: service.resourceVersion },
      { op: 'replace', path: '/spec/selector', value: withPin(service.selector, pin, labelValue(name)) },
    ],
  });
  context.ledger.wrote(rollout, context.stores.services, pinned);
}

export async function pinCanaryService(
  context: ApplyContext,
  rollout: Rollout,
  revision: string,
): Promise<void> {
  const service = context.stores.services.get(`${rollout.metadata.namespace}/${rollout.spec.service.name}`);
  if (!service) return;
  const object = buildCanaryService(rollout, service, revision);
  const applied = await context.client.apply(resources.services, object, {
    fieldManager: FIELD_MANAGER,
    force: true,
  });
  context.ledger.wrote(rollout, context.stores.services, applied);
}

export async function removeCanaryService(context: ApplyContext, rollout: Rollout): Promise<void> {
  const name = rollout.spec.canaryService;
  const service = context.stores.services.get(`${rollout.metadata.namespace}/${name}`);
  if (!service) return;
  await remove(context, rollout, {
    resource: resources.services,
    store: context.stores.services,
    name,
    uid: service.uid,
  });
}

export async function writeRoute(
  context: ApplyContext,
  rollout: Rollout,
  writes: readonly RouteWrite[],
): Promise<void> {
  for (const write of writes) {
    const resource = resources[write.resource];
    const store = context.stores[write.resource];
    if (write.kind === 'delete') {
      await remove(context, rollout, { resource, store, name: write.name, uid: write.uid });
    } else {
      context.ledger.wrote(rollout, store, await sendRoute(context, resource, write));
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
  const { namespace, name, operations } = write;
  return client.jsonPatch(resource, { namespace, name }, { fieldManager: FIELD_MANAGER, operations });
}
