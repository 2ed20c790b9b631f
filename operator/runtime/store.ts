// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from '../kube/objects.ts';

/** `namespace/name`, or `name` for a cluster-scoped object. */
export type Key = string;

/** What is kept of one object: its identity and the projection. Frozen. */
export interface StoreEntry<T> {
  readonly key: Key;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** `metadata.deletionTimestamp` is set. */
  readonly deleting: boolean;
  readonly ownerUids: readonly string[];
  readonly value: T;
}

/**
 * A change that the store has already taken in. An object deleted and created again under the same name arrives
 * as `delete` of the old uid, then `add` of the new one, even when the deletion itself was never seen.
 */
export type StoreEvent<T> =
  | { readonly type: 'add'; readonly entry: StoreEntry<T> }
  | { readonly type: 'update'; readonly entry: StoreEntry<T>; readonly previous: StoreEntry<T> }
  | { readonly type: 'delete'; readonly entry: StoreEntry<T> };

export type StoreListener<T> = (event: StoreEvent<T>) => void;

/**
 * The objects of one resource as the API server last told them, each reduced to what `project` keeps.
 * Reads are synchronous and may be old; nothing but the reflector writes.
 */
export interface Store<T> {
  readonly name: string;
  get(key: Key): T | undefined;
  entry(key: Key): StoreEntry<T> | undefined;
  /** All, or those of one namespace, in no promised order. */
  list(namespace?: string): T[];
  keys(): Key[];
  /** Those for which the index function returned `value`. Throws a RangeError for an index that was not declared. */
  byIndex(index: string, value: string): T[];
  /** Those with an ownerReference to `uid`. */
  byOwner(uid: string): T[];
  /** A first full list has been taken in. Stays true. */
  hasSynced(): boolean;
  readonly size: number;
  /** The resourceVersion up to which the store has heard everything; '' before the first list. */
  readonly resourceVersion: string;
  /** Calls `listener` for every change from now on. Returns the way to stop it. A listener that throws is counted
   * and disturbs neither the store nor the other listeners. */
  onChange(listener: StoreListener<T>): () => void;
}

/** Reads the values under which an object is found, from its projection. */
export type IndexFunction<T> = (value: T) => readonly string[];

export interface StoreOptions<T> {
  /** For logs and metrics. */
  readonly name: string;
  /** Keeps the fields that are used. The result is frozen. `before`: what is kept of the same object until now. */
  readonly project: (object: KubeObject, before?: T) => T;
  readonly indexes?: Readonly<Record<string, IndexFunction<T>>>;
  /** Told when `project` or an index throws for an object (what the store held of it stays), or a listener throws. */
  readonly onError: (where: 'projection' | 'listener', key: Key, error: unknown) => void;
}

/** A full list on its way in, invisible until `commit` swaps it in at once. */
export interface Replacement {
  add(object: KubeObject): void;
  commit(resourceVersion: string): void;
}

/** The side of a store that the reflector writes to. */
export interface StoreSink {
  beginReplace(): Replacement;
  upsert(object: KubeObject): void;
  remove(object: KubeObject): void;
  /** Everything up to `resourceVersion` has been told. */
  advance(resourceVersion: string): void;
}

/** The key of an object. */
export function keyOf(object: { readonly metadata: { namespace?: string; name?: string } }): Key {
  return toKey(object.metadata.namespace, object.metadata.name ?? '');
}

/** The key of a name; `namespace` is absent or '' for cluster-scoped objects. */
export function toKey(namespace: string | undefined, name: string): Key {
  return namespace ? `${namespace}/${name}` : name;
}

/** Takes a key apart; `namespace` is undefined for cluster-scoped objects. */
export function splitKey(key: Key): { namespace: string | undefined; name: string } {
  const slash = key.indexOf('/');
  return slash < 0
    ? { namespace: undefined, name: key }
    : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
