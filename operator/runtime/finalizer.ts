// SPDX-License-Identifier: Apache-2.0
import type { KubeClient } from '../kube/client.ts';
import { isConflict, isInvalid, isNotFound } from '../kube/errors.ts';
import type { JsonPatchOperation, KubeObject, ObjectMeta, ObjectName } from '../kube/objects.ts';
import type { Resource } from '../kube/resources.ts';

type FinalizerClient = Pick<KubeClient, 'get' | 'jsonPatch'>;

/** An object as far as finalizers go. */
export interface Finalized {
  readonly metadata: ObjectMeta;
}

/** One finalizer of one object of a resource. */
export interface FinalizerTarget {
  readonly resource: Resource;
  readonly object: Finalized;
  readonly finalizer: string;
}

/** A rival writes between our read and our patch; so often in a row it is no accident. */
const MAX_ATTEMPTS = 5;

/** The object carries the finalizer. */
export function hasFinalizer(object: Finalized, finalizer: string): boolean {
  return object.metadata.finalizers?.includes(finalizer) ?? false;
}

/**
 * Adds the finalizer; resolves with the object as it then is, or with undefined when it is gone. One JSON Patch with
 * a `test` on the resourceVersion, so finalizers of others that come or go meanwhile are neither lost nor brought
 * back; when the test fails the object is read live and it is tried again.
 */
export function addFinalizer(
  client: FinalizerClient,
  target: FinalizerTarget,
): Promise<Finalized | undefined> {
  return patchFinalizers(client, target, ({ finalizers }) => {
    if (finalizers?.includes(target.finalizer)) return undefined;
    if (!finalizers?.length) return { op: 'add', path: '/metadata/finalizers', value: [target.finalizer] };
    return { op: 'add', path: '/metadata/finalizers/-', value: target.finalizer };
  });
}

/**
 * Removes the finalizer, and only that, in the same way. Any failure but a missing object rejects, and an object that
 * seems not to carry it is read live, so that nobody takes a finalizer for removed that is still there.
 */
export async function removeFinalizer(
  client: FinalizerClient,
  target: FinalizerTarget,
): Promise<Finalized | undefined> {
  const { resource, object, finalizer } = target;
  const current = hasFinalizer(object, finalizer) ? object : await readLive(client, resource, nameOf(object));
  if (!current || current.metadata.uid !== object.metadata.uid) return undefined;
  return patchFinalizers(client, { ...target, object: current }, ({ finalizers }) => {
    const index = finalizers?.indexOf(target.finalizer) ?? -1;
    return index < 0 ? undefined : { op: 'remove', path: `/metadata/finalizers/${index}` };
  });
}

async function patchFinalizers(
  client: FinalizerClient,
  { resource, object }: FinalizerTarget,
  plan: (metadata: ObjectMeta) => JsonPatchOperation | undefined,
): Promise<Finalized | undefined> {
  const { uid } = object.metadata;
  const ref = nameOf(object);
  let current: Finalized = object;
  for (let attempt = 1; ; attempt++) {
    const change = plan(current.metadata);
    if (!change) return current;
    const { resourceVersion } = current.metadata;
    const operations = [
      { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion } as const,
      change,
    ];
    try {
      return await client.jsonPatch(resource, ref, { operations });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      if (attempt === MAX_ATTEMPTS || !(isConflict(error) || isInvalid(error))) throw error;
      const live = await readLive(client, resource, ref);
      if (!live || live.metadata.uid !== uid) return undefined;
      if (live.metadata.resourceVersion === resourceVersion) throw error; // no rival: the change itself is refused
      current = live;
    }
  }
}

async function readLive(
  client: FinalizerClient,
  resource: Resource,
  ref: ObjectName,
): Promise<KubeObject | undefined> {
  try {
    return await client.get(resource, ref);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function nameOf({ metadata }: Finalized): ObjectName {
  return { namespace: metadata.namespace, name: metadata.name ?? '' };
}
