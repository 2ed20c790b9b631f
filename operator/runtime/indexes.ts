// SPDX-License-Identifier: Apache-2.0
import type { IndexFunction, Key, StoreEntry } from './store.ts';

/** Most values have one entry; a Map for each would cost more memory than all the rest of an index. */
type Found<T> = StoreEntry<T> | Map<Key, StoreEntry<T>>;
type Index<T> = Map<string, Found<T>>;

/** The ways to find entries other than by key. `add` and `remove` must be called for every entry that is held. */
export interface Indexes<T> {
  add(entry: StoreEntry<T>): void;
  remove(entry: StoreEntry<T>): void;
  /** Throws what an index function throws for this entry, before anything is changed. */
  check(entry: StoreEntry<T>): void;
  inNamespace(namespace: string): Iterable<StoreEntry<T>>;
  ownedBy(uid: string): Iterable<StoreEntry<T>>;
  /** Throws a RangeError for an unknown index. */
  find(index: string, value: string): Iterable<StoreEntry<T>>;
}

/** Indexes by namespace, by owner, and by each of `functions`. */
export function createIndexes<T>(functions: Readonly<Record<string, IndexFunction<T>>>): Indexes<T> {
  const namespaces: Index<T> = new Map();
  const owners: Index<T> = new Map();
  const named = new Map(
    Object.entries(functions).map(([name, valuesOf]) => [name, { valuesOf, index: new Map() as Index<T> }]),
  );

  function* slots(entry: StoreEntry<T>): Generator<[Index<T>, string]> {
    yield [namespaces, entry.namespace];
    for (const uid of entry.ownerUids) yield [owners, uid];
    for (const { valuesOf, index } of named.values()) {
      for (const value of valuesOf(entry.value)) yield [index, value];
    }
  }

  return {
    add(entry) {
      for (const [index, value] of slots(entry)) put(index, value, entry);
    },
    remove(entry) {
      for (const [index, value] of slots(entry)) drop(index, value, entry);
    },
    check(entry) {
      for (const { valuesOf } of named.values()) valuesOf(entry.value);
    },
    inNamespace: (namespace) => entriesOf(namespaces.get(namespace)),
    ownedBy: (uid) => entriesOf(owners.get(uid)),
    find(name, value) {
      const found = named.get(name);
      if (!found) throw new RangeError(`the store has no index "${name}"`);
      return entriesOf(found.index.get(value));
    },
  };
}

function put<T>(index: Index<T>, value: string, entry: StoreEntry<T>): void {
  const found = index.get(value);
  if (found instanceof Map) found.set(entry.key, entry);
  else if (found === undefined || found.key === entry.key) index.set(value, entry);
  else
    index.set(
      value,
      new Map([
        [found.key, found],
        [entry.key, entry],
      ]),
    );
}

function drop<T>(index: Index<T>, value: string, { key }: StoreEntry<T>): void {
  const found = index.get(value);
  if (found instanceof Map) found.delete(key);
  if (found instanceof Map ? found.size === 0 : found?.key === key) index.delete(value);
}

function entriesOf<T>(found: Found<T> | undefined): Iterable<StoreEntry<T>> {
  if (found === undefined) return [];
  return found instanceof Map ? found.values() : [found];
}
