// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import type { KubeClient, Selection } from '../operator/kube/client.ts';
import type { KubeObject } from '../operator/kube/objects.ts';
import type { Resource } from '../operator/kube/resources.ts';
import { systemClock } from '../operator/runtime/clock.ts';
import { createStore } from '../operator/runtime/create-store.ts';
import { listWatchOf } from '../operator/runtime/list-watch.ts';
import { type Log, silentLog } from '../operator/runtime/log.ts';
import { createReflector } from '../operator/runtime/reflector.ts';
import type { Store, StoreListener } from '../operator/runtime/store.ts';

export interface Watched<T> {
  readonly store: Store<T>;
  stop(): Promise<void>;
}

export interface WatchedParts<T> {
  client: KubeClient;
  resource: Resource;
  project: (object: KubeObject) => T;
  selection?: Selection;
  /** Hears every change from the first list on. */
  onChange?: StoreListener<T>;
}

/** What a resource is now, kept up to date by a watch. A list or watch that fails is shown and tried again. */
export async function watchResource<T>(parts: WatchedParts<T>): Promise<Watched<T>> {
  const { client, resource, project, selection, onChange } = parts;
  const store = createStore<T>({
    name: resource.plural,
    project,
    onError: (where, key, error) => console.error(`bench: ${where} of ${resource.kind} ${key}:`, error),
  });
  if (onChange) store.onChange(onChange);
  const source = listWatchOf(client, resource, selection);
  const reflector = createReflector({
    name: resource.plural,
    source,
    sink: store,
    clock: systemClock,
    log: loud,
  });
  reflector.start();
  await until(`a list of ${resource.plural}`, 30_000, () => store.hasSynced());
  return { store, stop: () => reflector.stop() };
}

const loud: Log = {
  ...silentLog,
  warn: (fields, message) => console.error(`bench: ${message}`, fields),
  error: (fields, message) => console.error(`bench: ${message}`, fields),
  child: () => loud,
};

const pollMs = 10;

/** Waits until something holds, looking every 10 ms; throws when it does not within the time. */
export async function until(
  what: string,
  withinMs: number,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const startedMs = performance.now();
  while (!(await holds())) {
    if (performance.now() - startedMs > withinMs) throw new Error(`waited ${withinMs} ms for ${what}`);
    await delay(pollMs);
  }
}
