// SPDX-License-Identifier: Apache-2.0
import { backoffMs } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { WatchMapper, WatchTarget } from './controller.ts';
import type { Store, StoreEvent } from './store.ts';
import type { WorkQueue } from './work-queue.ts';

export interface WatchMapping<T> {
  readonly store: Store<T>;
  readonly map: WatchMapper<T>;
  readonly queue: WorkQueue;
  readonly clock: Clock;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Told each time `map` throws for an object. */
  readonly onFailure: (key: string, error: unknown) => void;
}

/**
 * Adds the keys that `map` names for what the store holds, and from then on for every change. When `map` throws, it
 * is asked again about the same object with back-off, until it answers; other objects do not wait for that.
 */
export function startWatch<T>(mapping: WatchMapping<T>): void {
  const { store, signal } = mapping;
  const retrying = new Set<string>();
  const take = (event: StoreEvent<T>) => {
    const { key } = event.entry;
    if (enqueue(mapping, event) || retrying.has(key)) return;
    retrying.add(key);
    retry(mapping, event).then(
      () => retrying.delete(key),
      () => undefined, // the watch has ended
    );
  };
  const unsubscribe = store.onChange(take);
  signal.addEventListener('abort', unsubscribe, { once: true });
  for (const key of store.keys()) {
    const entry = store.entry(key);
    if (entry) take({ type: 'add', entry });
  }
}

async function retry<T>(mapping: WatchMapping<T>, event: StoreEvent<T>): Promise<void> {
  const { store, clock, signal } = mapping;
  let mapped = false;
  for (let failures = 1; !mapped; failures++) {
    await clock.sleep(backoffMs(failures, Math.random), signal);
    const entry = store.entry(event.entry.key);
    mapped = enqueue(mapping, entry ? { type: 'add', entry } : event);
  }
}

function enqueue<T>({ map, queue, store, onFailure }: WatchMapping<T>, event: StoreEvent<T>): boolean {
  try {
    for (const target of map(event.entry, event)) addTarget(queue, target, `${store.name} ${event.type}`);
    return true;
  } catch (error) {
    onFailure(event.entry.key, error);
    return false;
  }
}

function addTarget(queue: WorkQueue, target: WatchTarget, change: string): void {
  if (typeof target === 'string') queue.add(target, { reason: change });
  else queue.add(target.key, { lane: target.lane, reason: target.reason ?? change });
}
