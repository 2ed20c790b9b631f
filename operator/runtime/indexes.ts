// SPDX-License-Identifier: Apache-2.0
import type { IndexFunction, Key, StoreEntry } from './store.ts';

type Index<T> = Map<string, Map<Key, StoreEntry<T>>>;

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
      for (const [index, value] of slots(entry)) {
        const found = index.get(value);
        if (found) found.set(entry.key, entry);
        else index.set(value, new Map([[entry.key, entry]]));
      }
    },
    remove(entry) {
      for (const [index, value] of slots(entry)) {
        const found = index.get(value);
        found?.delete(entry.key);
        if (found?.size === 0) index.delete(value);
      }
    },
    check(entry) {
      for (const { valuesOf } of named.values()) valuesOf(entry.value);
    },
    inNamespace: (namespace) => namespaces.get(namespace)?.values() ?? [],
    ownedBy: (uid) => owners.get(uid)?.values() ?? [],
    find(name, value) {
      const found = named.get(name);
      if (!found) throw new RangeError(`the store has no index "${name}"`);
      return found.index.get(value)?.values() ?? [];
    },
  };
}
