// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from '../kube/objects.ts';
import { createIndexes, type Indexes } from './indexes.ts';
import { type Key, keyOf, type Replacement, type Store, type StoreEntry, type StoreEvent } from './store.ts';
import type { StoreListener, StoreOptions, StoreSink } from './store.ts';

/** An empty store. The reflector gets it as a StoreSink, everybody else as a Store. */
export function createStore<T>(options: StoreOptions<T>): Store<T> & StoreSink {
  return new MemoryStore(options);
}

class MemoryStore<T> implements Store<T>, StoreSink {
  resourceVersion = '';
  readonly name: string;
  private readonly options: StoreOptions<T>;
  private readonly entries = new Map<Key, StoreEntry<T>>();
  private readonly indexes: Indexes<T>;
  private readonly listeners = new Set<StoreListener<T>>();
  private synced = false;

  constructor(options: StoreOptions<T>) {
    this.name = options.name;
    this.options = options;
    this.indexes = createIndexes(options.indexes ?? {});
  }

  get size(): number {
    return this.entries.size;
  }

  get(key: Key): T | undefined {
    return this.entries.get(key)?.value;
  }

  entry(key: Key): StoreEntry<T> | undefined {
    return this.entries.get(key);
  }

  list(namespace?: string): T[] {
    return values(namespace === undefined ? this.entries.values() : this.indexes.inNamespace(namespace));
  }

  byIndex(index: string, value: string): T[] {
    return values(this.indexes.find(index, value));
  }

  byOwner(uid: string): T[] {
    return values(this.indexes.ownedBy(uid));
  }

  keys(): Key[] {
    return [...this.entries.keys()];
  }

  hasSynced(): boolean {
    return this.synced;
  }

  onChange(listener: StoreListener<T>): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  beginReplace(): Replacement {
    const incoming = new Map<Key, StoreEntry<T>>();
    return {
      add: (object) => {
        const entry = this.entryOf(object);
        if (entry) incoming.set(entry.key, entry);
      },
      commit: (resourceVersion) => {
        const gone = [...this.entries.values()].filter(({ key }) => !incoming.has(key));
        const events = [
          ...gone.flatMap((entry) => this.unset(entry)),
          ...[...incoming.values()].flatMap((entry) => this.set(entry)),
        ];
        this.resourceVersion = resourceVersion;
        this.synced = true;
        this.emit(events);
      },
    };
  }

  upsert(object: KubeObject): void {
    const entry = this.entryOf(object);
    this.advance(object.metadata.resourceVersion ?? this.resourceVersion);
    if (entry) this.emit(this.set(entry));
  }

  remove(object: KubeObject): void {
    const held = this.entries.get(keyOf(object));
    this.advance(object.metadata.resourceVersion ?? this.resourceVersion);
    // the deletion of an earlier object of this name says nothing about the one that is held
    if (held && held.uid === object.metadata.uid) this.emit(this.unset(held));
  }

  advance(resourceVersion: string): void {
    this.resourceVersion = resourceVersion;
  }

  /** The entry of an object, or what is held of the same object when it cannot be projected. */
  private entryOf(object: KubeObject): StoreEntry<T> | undefined {
    const key = keyOf(object);
    const named = this.entries.get(key);
    const held = named?.uid === object.metadata.uid ? named : undefined;
    try {
      const entry = makeEntry(object, this.options.project(object, held?.value));
      this.indexes.check(entry);
      return entry;
    } catch (error) {
      this.options.onError('projection', key, error);
      return held;
    }
  }

  private set(entry: StoreEntry<T>): StoreEvent<T>[] {
    const previous = this.entries.get(entry.key);
    if (previous) this.indexes.remove(previous);
    this.entries.set(entry.key, entry);
    this.indexes.add(entry);
    return changesBetween(previous, entry);
  }

  private unset(entry: StoreEntry<T>): StoreEvent<T>[] {
    this.entries.delete(entry.key);
    this.indexes.remove(entry);
    return [{ type: 'delete', entry }];
  }

  private emit(events: readonly StoreEvent<T>[]): void {
    for (const event of events) {
      for (const listener of this.listeners) this.tell(listener, event);
    }
  }

  private tell(listener: StoreListener<T>, event: StoreEvent<T>): void {
    try {
      listener(event);
    } catch (error) {
      this.options.onError('listener', event.entry.key, error);
    }
  }
}

function values<T>(entries: Iterable<StoreEntry<T>>): T[] {
  return Array.from(entries, ({ value }) => value);
}

function changesBetween<T>(previous: StoreEntry<T> | undefined, entry: StoreEntry<T>): StoreEvent<T>[] {
  if (!previous) return [{ type: 'add', entry }];
  if (previous.uid !== entry.uid) {
    return [
      { type: 'delete', entry: previous },
      { type: 'add', entry },
    ];
  }
  return previous.resourceVersion === entry.resourceVersion ? [] : [{ type: 'update', entry, previous }];
}

function makeEntry<T>(object: KubeObject, value: T): StoreEntry<T> {
  const { metadata } = object;
  return Object.freeze({
    key: keyOf(object),
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    deleting: metadata.deletionTimestamp !== undefined,
    ownerUids: Object.freeze((metadata.ownerReferences ?? []).map(({ uid }) => uid)),
    value: deepFreeze(value),
  });
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}
