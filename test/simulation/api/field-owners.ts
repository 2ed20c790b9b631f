// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ManagedFields } from '../../../operator/kube/objects.ts';
import { isEqual, isRecord } from './json.ts';

/**
 * Who owns which fields, in the grain that the objects of a Canary need: labels and annotations one by one, the fields
 * of spec each as a whole, as lists and selectors are atomic there.
 */
interface Owner {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly fields: Set<string>;
  time: string;
}

export interface FieldWrite {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly time: string;
}

const MAPS = ['labels', 'annotations'] as const;

/** The ownership of the fields of all objects, by uid. */
export class FieldOwners {
  private readonly owners = new Map<string, Owner[]>();

  /** Notes a write that is no apply: what it changed is its manager's alone. */
  update(before: KubeObject | undefined, after: KubeObject, write: FieldWrite): void {
    const [had, has] = [fieldsOf(before), fieldsOf(after)];
    const changed = [...has].filter(([field, value]) => !had.has(field) || !isEqual(had.get(field), value));
    const removed = [...had.keys()].filter((field) => !has.has(field));
    if (changed.length + removed.length === 0) return;
    for (const field of removed) this.release(after, field);
    for (const [field] of changed) this.release(after, field);
    const owner = this.ownerOf(after, write);
    for (const [field] of changed) owner.fields.add(field);
    owner.time = write.time;
  }

  /**
   * Notes an apply with force: its fields are its manager's, and what others own with another value is taken from
   * them. Returns the fields that the manager applied before, no longer does, and nobody else owns: they go.
   */
  apply(before: KubeObject | undefined, applied: KubeObject, uid: string, write: FieldWrite): string[] {
    const at = { metadata: { uid } };
    const [had, has] = [fieldsOf(before), fieldsOf(applied)];
    for (const [field, value] of has) if (!isEqual(had.get(field), value)) this.release(at, field);
    const owner = this.ownerOf(at, write);
    const dropped = [...owner.fields].filter((field) => !has.has(field));
    for (const field of dropped) owner.fields.delete(field);
    const isNew = [...has.keys()].some((field) => !owner.fields.has(field));
    for (const field of has.keys()) owner.fields.add(field);
    if (isNew || dropped.length > 0 || [...has].some(([field, value]) => !isEqual(had.get(field), value)))
      owner.time = write.time;
    return dropped.filter((field) => !this.listOf(at).some(({ fields }) => fields.has(field)));
  }

  /** As it stands in metadata.managedFields. */
  managedFields(uid: string): ManagedFields[] {
    return (this.owners.get(uid) ?? [])
      .filter(({ fields }) => fields.size > 0)
      .map(({ manager, operation, fields, time }) => ({ manager, operation, time, fieldsV1: toV1(fields) }));
  }

  private listOf({ metadata: { uid = '' } }: { metadata: { uid?: string } }): Owner[] {
    const known = this.owners.get(uid);
    if (known) return known;
    const made: Owner[] = [];
    this.owners.set(uid, made);
    return made;
  }

  private ownerOf(object: { metadata: { uid?: string } }, { manager, operation, time }: FieldWrite): Owner {
    const list = this.listOf(object);
    const known = list.find((owner) => owner.manager === manager && owner.operation === operation);
    if (known) return known;
    const made = { manager, operation, fields: new Set<string>(), time };
    list.push(made);
    return made;
  }

  private release(object: { metadata: { uid?: string } }, field: string): void {
    for (const { fields } of this.listOf(object)) fields.delete(field);
  }
}

/** The object with the fields taken out that nobody wants any more. */
export function withoutFields(object: KubeObject, fields: readonly string[]): KubeObject {
  const kept: KubeObject = { ...object, metadata: { ...object.metadata } };
  for (const field of fields) {
    const [where, key] = splitOnce(field);
    if (where === 'spec') {
      const { [key]: _gone, ...spec } = isRecord(kept['spec']) ? kept['spec'] : {};
      kept['spec'] = spec;
    } else if (where === 'labels' || where === 'annotations') {
      const { [key]: _gone, ...map } = kept.metadata[where] ?? {};
      kept.metadata[where] = map;
    }
  }
  return kept;
}

function fieldsOf(object: KubeObject | undefined): Map<string, unknown> {
  const found = new Map<string, unknown>();
  if (!object) return found;
  for (const map of MAPS) {
    for (const [key, value] of Object.entries(object.metadata[map] ?? {})) found.set(`${map} ${key}`, value);
  }
  const spec = object['spec'];
  if (isRecord(spec)) for (const [key, value] of Object.entries(spec)) found.set(`spec ${key}`, value);
  return found;
}

function toV1(fields: ReadonlySet<string>): Record<string, unknown> {
  const metadata: Record<string, Record<string, unknown>> = {};
  const spec: Record<string, unknown> = {};
  for (const field of fields) {
    const [where, key] = splitOnce(field);
    if (where === 'spec') spec[`f:${key}`] = {};
    else (metadata[`f:${where}`] ??= {})[`f:${key}`] = {};
  }
  return {
    ...(Object.keys(metadata).length > 0 ? { 'f:metadata': metadata } : {}),
    ...(Object.keys(spec).length > 0 ? { 'f:spec': spec } : {}),
  };
}

function splitOnce(field: string): [string, string] {
  const space = field.indexOf(' ');
  return [field.slice(0, space), field.slice(space + 1)];
}
