// SPDX-License-Identifier: Apache-2.0
import type { ManagedFields } from '../../kube/objects.ts';

/**
 * The field manager that last wrote a field: the newest of those that own it or something below it. `path` is in
 * the notation of managedFields, for example ['f:spec', 'f:replicas'].
 */
export function managerOf(
  entries: readonly ManagedFields[] | undefined,
  path: readonly string[],
): string | undefined {
  const owners = (entries ?? []).filter(
    (entry) => entry.subresource !== 'status' && owns(entry.fieldsV1, path),
  );
  const newest = owners.toSorted((a, b) => (a.time ?? '').localeCompare(b.time ?? '')).at(-1);
  return newest?.manager;
}

function owns(fields: unknown, path: readonly string[]): boolean {
  let at: unknown = fields;
  for (const segment of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, segment)) return false;
    at = (at as Record<string, unknown>)[segment];
  }
  return true;
}
