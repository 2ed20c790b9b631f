// SPDX-License-Identifier: Apache-2.0
import { FIELD_MANAGER } from '../../../api/group.ts';
import type { ManagedFields } from '../../../kube/objects.ts';

/** Who wrote which of the fields that a canary Ingress is made of. */
export interface FieldOwners {
  /** Fields that Headway applied and still owns. */
  readonly ours: readonly string[];
  /** Fields that Headway does not own, and the manager that wrote them last. */
  readonly foreign: ReadonlyMap<string, string>;
}

/** An object that Headway never applied: nobody asks who wrote its fields. */
const NOT_OURS: FieldOwners = Object.freeze({ ours: Object.freeze([]), foreign: new Map() });

export function annotationField(key: string): string {
  return `metadata.annotations[${key}]`;
}

export function labelField(key: string): string {
  return `metadata.labels[${key}]`;
}

/**
 * Reads `metadata.managedFields` (format FieldsV1, "f:" before each field name; see
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers) as far as annotations, labels and the
 * fields of spec go. What admission adds to an apply counts as nobody's, and writes to status do not count.
 */
export function readFieldOwners(entries: readonly ManagedFields[]): FieldOwners {
  const applied = entries.filter((entry) => isOurs(entry) && entry.operation === 'Apply');
  if (applied.length === 0) return NOT_OURS;
  const ours = new Set(applied.flatMap(fieldsOf));
  const foreign = new Map<string, string>();
  const others = entries.filter((entry) => !isOurs(entry) && !entry.subresource);
  for (const entry of others.toSorted(byTime)) {
    for (const field of fieldsOf(entry)) {
      if (!ours.has(field)) foreign.set(field, entry.manager ?? '');
    }
  }
  return { ours: [...ours], foreign };
}

function isOurs(entry: ManagedFields): boolean {
  return entry.manager === FIELD_MANAGER;
}

function byTime(a: ManagedFields, b: ManagedFields): number {
  return (a.time ?? '').localeCompare(b.time ?? '');
}

function fieldsOf(entry: ManagedFields): string[] {
  const metadata = childOf(entry.fieldsV1, 'f:metadata');
  return [
    ...namesIn(childOf(metadata, 'f:annotations')).map(annotationField),
    ...namesIn(childOf(metadata, 'f:labels')).map(labelField),
    ...namesIn(childOf(entry.fieldsV1, 'f:spec')).map((name) => `spec.${name}`),
  ];
}

function childOf(node: unknown, key: string): unknown {
  const isNode = typeof node === 'object' && node !== null && Object.hasOwn(node, key);
  return isNode ? (node as Record<string, unknown>)[key] : undefined;
}

function namesIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.keys(node)
    .filter((key) => key.startsWith('f:'))
    .map((key) => key.slice(2));
}
