// SPDX-License-Identifier: Apache-2.0
import type { JsonPatchOperation } from '../../../operator/kube/objects.ts';

export type Json = Readonly<Record<string, unknown>>;

/** A value as it is after it went over the wire. */
export function overTheWire<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isEqual(item, other[index]));
  }
  if (!isRecord(one) || !isRecord(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every((key) => Object.hasOwn(other, key) && isEqual(one[key], other[key]));
}

/** RFC 7386. */
export function mergePatched(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const merged: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatched(merged[key], value);
  }
  return merged;
}

/** RFC 6902, as far as the operator uses it. Undefined: a `test` did not hold, or a path is not there. */
export function jsonPatched<T>(target: T, operations: readonly JsonPatchOperation[]): T | undefined {
  const patched = overTheWire(target);
  return operations.every((operation) => operate(patched, operation)) ? patched : undefined;
}

function operate(root: unknown, operation: JsonPatchOperation): boolean {
  if (operation.op === 'move' || operation.op === 'copy') {
    throw new Error(`the model of the API server does not know ${operation.op}`);
  }
  const path = operation.path.split('/').slice(1).map(unescapeSegment);
  const last = path.pop() ?? '';
  let parent: unknown = root;
  for (const segment of path) parent = isContainer(parent) ? parent[segment] : undefined;
  if (!isContainer(parent)) return false;
  if (operation.op === 'test') return isEqual(parent[last], operation.value);
  if (operation.op === 'add') return add(parent, last, operation.value);
  if (!Object.hasOwn(parent, last)) return false;
  if (operation.op === 'replace') parent[last] = operation.value;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return true;
}

function add(parent: Record<string, unknown>, last: string, value: unknown): boolean {
  if (!Array.isArray(parent)) parent[last] = value;
  else if (last === '-') parent.push(value);
  else parent.splice(Number(last), 0, value);
  return true;
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function unescapeSegment(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
