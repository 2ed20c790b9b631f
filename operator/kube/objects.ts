// SPDX-License-Identifier: Apache-2.0

/** An owner of an object, as in `metadata.ownerReferences`. */
interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** One entry of `metadata.managedFields`: who owns which fields since when. */
export interface ManagedFields {
  manager?: string;
  operation?: string;
  subresource?: string;
  time?: string;
  fieldsV1?: Record<string, unknown>;
}

/** `metadata` as the API server sends it. Times are RFC 3339 strings; `resourceVersion` is opaque. */
export interface ObjectMeta {
  name?: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedFields[];
}

/** Any Kubernetes object as raw JSON: no field is dropped, none is converted. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** One page of a list. `metadata.continue` is present while there are more pages. */
export interface KubeList<T extends KubeObject = KubeObject> {
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  items: T[];
}

/** What names an object of a known resource. `namespace` is left out for cluster-scoped resources. */
export interface ObjectName {
  namespace?: string | undefined;
  name: string;
}

/**
 * One line of a watch. `type` is `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK` or `ERROR` today; a reader must
 * ignore types that it does not know. For `ERROR` the object is a `Status`.
 */
export interface WatchEvent {
  type: string;
  object: KubeObject;
}

/** An RFC 6902 operation. */
export type JsonPatchOperation =
  | { op: 'add' | 'replace' | 'test'; path: string; value: unknown }
  | { op: 'remove'; path: string }
  | { op: 'move' | 'copy'; from: string; path: string };

/** Escapes one segment of an RFC 6901 JSON Pointer, such as a label key that contains `/`. */
export function jsonPointerSegment(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}
