// SPDX-License-Identifier: Apache-2.0
import type { Rollout } from '../../engine/rollout/rollout.ts';
import { isNotFound } from '../../kube/errors.ts';
import type { Resource } from '../../kube/resources.ts';
import type { Store } from '../../runtime/store.ts';
import type { ApplyContext } from './apply-context.ts';

interface Removal {
  readonly resource: Resource;
  readonly store: Store<unknown>;
  readonly name: string;
  readonly uid: string;
}

/** Deletes exactly the object that was seen; one that is gone already is as it should be. */
export async function remove(
  { client, ledger }: ApplyContext,
  rollout: Rollout,
  removal: Removal,
): Promise<void> {
  const { namespace } = rollout.metadata;
  const { resource, store, name, uid } = removal;
  try {
    await client.delete(resource, { namespace, name }, { uid, propagationPolicy: 'Background' });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  ledger.removed(rollout, store, { key: `${namespace}/${name}`, uid });
}
