// SPDX-License-Identifier: Apache-2.0
// Test support: writes of a router on a real API server.
// oxlint-disable no-restricted-imports -- the garbage collector wants the owner, a Canary, to exist
import { FIELD_MANAGER } from '../../api/group.ts';
import type { Place } from '../../crd/use-place.ts';
import { resources } from '../../kube/resources.ts';
import type { RouteWrite } from './types.ts';

/** Performs a write of a router as the controller does. */
function perform({ client }: Place, write: RouteWrite): Promise<unknown> {
  const resource = resources[write.resource];
  if (write.kind === 'apply')
    return client.apply(resource, write.object, { fieldManager: FIELD_MANAGER, force: true });
  const { namespace, name } = write;
  if (write.kind === 'delete') return client.delete(resource, { namespace, name }, { uid: write.uid });
  const { operations } = write;
  return client.jsonPatch(resource, { namespace, name }, { operations, fieldManager: FIELD_MANAGER });
}

/** Performs plans until there is nothing more to do; returns how many writes that took. */
export async function performAll(place: Place, plan: () => Promise<readonly RouteWrite[]>): Promise<number> {
  for (let count = 0; count < 5; count++) {
    const [write] = await plan();
    if (!write) return count;
    await perform(place, write);
  }
  throw new Error('the plan finds no end');
}
