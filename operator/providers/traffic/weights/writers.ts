// SPDX-License-Identifier: Apache-2.0
import { FIELD_MANAGER } from '../../../api/group.ts';
import type { ManagedFields } from '../../../kube/objects.ts';

/**
 * Field manager that last wrote each field of the object at `path`, such as ['spec']. Headway, where it is among the
 * owners: a write of others that changes a field takes it from it. None where the API server filled the field in.
 */
export function lastWriters(entries: readonly ManagedFields[], path: readonly string[]): Map<string, string> {
  const writers = new Map<string, string>();
  const inOrder = entries.toSorted((a, b) => (a.time ?? '').localeCompare(b.time ?? ''));
  for (const { manager, subresource, fieldsV1 } of inOrder) {
    if (subresource || manager === undefined) continue;
    for (const field of fieldsAt(fieldsV1, path))
      if (writers.get(field) !== FIELD_MANAGER) writers.set(field, manager);
  }
  return writers;
}

function fieldsAt(fields: unknown, path: readonly string[]): string[] {
  let node = fields;
  for (const name of path) node = (node as Record<string, unknown> | undefined)?.[`f:${name}`];
  return Object.keys(node ?? {}).flatMap((key) => (key.startsWith('f:') ? [key.slice('f:'.length)] : []));
}
