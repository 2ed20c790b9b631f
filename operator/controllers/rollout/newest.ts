// SPDX-License-Identifier: Apache-2.0
import { Labels } from '../../api/group.ts';
import type { Rollout } from '../../engine/rollout/rollout.ts';
import { labelValue } from '../../engine/names.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';
import { resources } from '../../kube/resources.ts';
import { keyOf, type Store, toKey } from '../../runtime/store.ts';
import { routeObjects } from './route-target.ts';
import type { RouteObject } from './routers/binding.ts';
import type { RolloutResource, ServedKind } from './served-kind.ts';
import type { RolloutStores } from './stores.ts';
import type { WriteLedger } from './write-ledger.ts';

export interface NewestParts {
  readonly kind: Pick<ServedKind, 'resource'>;
  readonly client: Pick<KubeClient, 'get' | 'list'>;
  readonly stores: RolloutStores;
  readonly ledger: WriteLedger;
}

interface WrittenObject {
  readonly resource: RouteObject['resource'] | RolloutResource | 'deployments' | 'services';
  readonly name: string;
}

/**
 * Before the first write of a process for a Canary, and before the next one after a write without an answer: reads live
 * what may have been written for it before, and has the ledger wait until the stores show that. A first list may answer
 * what was true a while ago, and the watch of one kind may have been silent while this process stood by: what was decided
 * from such stores is not to be done.
 * True: it has just been read, and what was decided before is to be decided anew. False: that was long ago.
 */
export async function hadToReadLive(parts: NewestParts, rollout: Rollout): Promise<boolean> {
  const { ledger } = parts;
  if (ledger.hasMet(keyOf(rollout))) return false;
  const objects = writtenFor(parts, rollout).map((object) => noteObject(parts, rollout, object));
  await Promise.all([noteRevisions(parts, rollout), ...objects]);
  ledger.meet(keyOf(rollout));
  return true;
}

/** All but the revisions, which have no one name, and pods: to write the label of one twice does no harm. */
function writtenFor({ kind }: NewestParts, { metadata, spec }: Rollout): WrittenObject[] {
  return [
    { resource: kind.resource, name: metadata.name },
    { resource: 'deployments', name: spec.targetRef.name },
    { resource: 'services', name: spec.service.name },
    { resource: 'services', name: spec.canaryService },
    ...routeObjects(metadata.name, spec.traffic).filter(({ isReadOnly }) => !isReadOnly),
  ];
}

async function noteObject(
  { client, stores, ledger }: NewestParts,
  rollout: Rollout,
  { resource, name }: WrittenObject,
): Promise<void> {
  const { namespace } = rollout.metadata;
  // before the call: what the store hears of while it is on its way may be made just then, and has not gone
  const known = knownIn(stores[resource], toKey(namespace, name));
  try {
    const live = await client.get(resources[resource], { namespace, name }, { metadataOnly: true });
    ledger.wrote(rollout, stores[resource], live);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    for (const gone of known) ledger.removed(rollout, stores[resource], gone);
  }
}

async function noteRevisions({ client, stores, ledger }: NewestParts, rollout: Rollout): Promise<void> {
  const { namespace, name, uid } = rollout.metadata;
  const store = stores.deployments;
  const known = store
    .byIndex('controller', uid)
    .flatMap((revision) => knownIn(store, toKey(namespace, revision.name)));
  const labelSelector = `${Labels.canary}=${labelValue(name)}`;
  const { items } = await client.list(resources.deployments, {
    namespace,
    labelSelector,
    metadataOnly: true,
  });
  for (const live of items) ledger.wrote(rollout, store, live);
  const live = new Set(items.map(keyOf));
  for (const gone of known) if (!live.has(gone.key)) ledger.removed(rollout, store, gone);
}

function knownIn(store: Store<unknown>, key: string): readonly { key: string; uid: string }[] {
  const entry = store.entry(key);
  return entry ? [entry] : [];
}
