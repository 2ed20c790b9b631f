// SPDX-License-Identifier: Apache-2.0
import { FIELD_MANAGER } from '../../../api/group.ts';
import { canonicalJson, shortHash } from '../../../engine/names.ts';
import { type JsonPatchOperation, jsonPointerSegment } from '../../../kube/objects.ts';
import type { RouteSnapshot } from './schema.ts';

type Spec = Readonly<Record<string, unknown>>;

/** What is noted on a route beside the spec that is written. */
export function hashOfSpec(spec: Spec): string {
  return shortHash(canonicalJson(spec));
}

/** A field of the spec that somebody else wrote; the manager is unknown where the field was taken away. */
export interface ForeignField {
  readonly field: string;
  readonly manager?: string;
}

/**
 * The first field that somebody else changed: one of Headway's that says something else and is another manager's now, or
 * one that Headway never wrote and somebody did. What nobody owns was filled in by the API server and is nobody's change.
 */
export function findForeign({ spec, writers }: RouteSnapshot, wanted: Spec): ForeignField | undefined {
  const taken = Object.keys(wanted).filter(
    (field) =>
      writers.get(field) !== FIELD_MANAGER && canonicalJson(spec[field]) !== canonicalJson(wanted[field]),
  );
  const [field] = [...taken, ...addedFields({ spec, writers }, wanted)];
  if (field === undefined) return undefined;
  const manager = writers.get(field);
  return manager === undefined ? { field } : { field, manager };
}

/**
 * Whether the spec is the wanted one. Word for word, or, where the API server or its admission has filled in more, by
 * what was noted when it was written: nobody else has touched it since, so it is that spec and what was filled in.
 */
export function isSpecWritten(live: RouteSnapshot, wanted: Spec): boolean {
  if (canonicalJson(live.spec) === canonicalJson(wanted)) return true;
  return findForeign(live, wanted) === undefined && live.writtenHash === hashOfSpec(wanted);
}

/** Server-side apply cannot remove what others have added; this does, on exactly the version that was read. */
export function removalOfAdded(live: RouteSnapshot, wanted: Spec): JsonPatchOperation[] {
  const added = addedFields(live, wanted);
  if (added.length === 0) return [];
  return [
    { op: 'test', path: '/metadata/resourceVersion', value: live.resourceVersion },
    ...added.map(
      (field): JsonPatchOperation => ({
        op: 'remove',
        path: `/spec/${jsonPointerSegment(field)}`,
      }),
    ),
  ];
}

function addedFields({ spec, writers }: Pick<RouteSnapshot, 'spec' | 'writers'>, wanted: Spec): string[] {
  return Object.keys(spec).filter((field) => {
    const writer = writers.get(field);
    return !Object.hasOwn(wanted, field) && writer !== undefined && writer !== FIELD_MANAGER;
  });
}
