// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from '../kube/objects.ts';
import type { Clock } from './clock.ts';
import { isOlder } from './resource-version.ts';
import { type Key, keyOf, type Store } from './store.ts';

/**
 * Read your own writes. After a write, a reconcile that reads the store must not act on a state from before it, or
 * it would do the same thing twice. Nobody patches the store by hand; a reconcile waits until it has caught up.
 */
export interface OwnWrites {
  /** Remembers what the API server answered to a create, update, patch or apply of an object that `store` holds. */
  record(store: Store<unknown>, written: Pick<KubeObject, 'metadata'>): void;
  /** Remembers that the object with this uid was deleted. */
  recordDelete(store: Store<unknown>, key: Key, uid: string): void;
  /** The store shows the last own write to this key, or something later. True when there was none. */
  isCaughtUp(store: Store<unknown>, key: Key): boolean;
  /** Resolves true as soon as isCaughtUp, false after `timeoutMs`. Rejects when `signal` aborts. */
  whenCaughtUp(
    store: Store<unknown>,
    key: Key,
    wait: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<boolean>;
}

type Write =
  | { readonly kind: 'stored'; readonly resourceVersion: string; readonly before: string | undefined }
  | { readonly kind: 'deleted'; readonly uid: string };

const SWEEP_ABOVE = 1000;

/** How often whenCaughtUp looks. The watch event of an own write usually takes a few milliseconds. */
const POLL_MS = 5;

/**
 * An empty memory of own writes.
 *
 * The rule: Kubernetes documents since 1.35 that resourceVersions of one resource are decimal integers that grow.
 * Where both are decimal, the store has caught up once its own resourceVersion (the last it heard of, from any
 * object, bookmark or list) has reached that of the write; this also holds when the object has since been deleted
 * or has left the selection. Where they are not, only equality means anything: the entry has the written
 * resourceVersion, or has changed since the write was acknowledged.
 */
export function createOwnWrites(clock: Clock): OwnWrites {
  const memory = new WeakMap<Store<unknown>, Map<Key, Write>>();

  function remember(store: Store<unknown>, key: Key, write: Write): void {
    const writes = memory.get(store);
    if (!writes) {
      memory.set(store, new Map([[key, write]]));
      return;
    }
    writes.set(key, write);
    if (writes.size <= SWEEP_ABOVE) return;
    for (const each of writes.keys()) isCaughtUp(store, each); // forgets what nobody asks about any more
  }

  function isCaughtUp(store: Store<unknown>, key: Key): boolean {
    const write = memory.get(store)?.get(key);
    if (write === undefined) return true;
    const hasCaughtUp =
      write.kind === 'deleted' ? shows(store, key, write.uid) : hasReached(store, key, write);
    if (hasCaughtUp) memory.get(store)?.delete(key);
    return hasCaughtUp;
  }

  return {
    record(store, written) {
      const key = keyOf(written);
      const resourceVersion = written.metadata.resourceVersion ?? '';
      remember(store, key, { kind: 'stored', resourceVersion, before: store.entry(key)?.resourceVersion });
    },
    recordDelete(store, key, uid) {
      remember(store, key, { kind: 'deleted', uid });
    },
    isCaughtUp,
    async whenCaughtUp(store, key, { timeoutMs, signal }) {
      const untilMs = clock.monotonicMs() + timeoutMs;
      while (!isCaughtUp(store, key)) {
        if (clock.monotonicMs() >= untilMs) return false;
        await clock.sleep(POLL_MS, signal);
      }
      return true;
    },
  };
}

/** The store shows that the object with this uid is gone or going. */
function shows(store: Store<unknown>, key: Key, uid: string): boolean {
  const entry = store.entry(key);
  return entry === undefined || entry.uid !== uid || entry.deleting;
}

function hasReached(store: Store<unknown>, key: Key, write: Write & { kind: 'stored' }): boolean {
  const shown = store.entry(key)?.resourceVersion;
  if (shown === write.resourceVersion) return true;
  const isAhead = isOlder(store.resourceVersion, write.resourceVersion);
  return isAhead === undefined ? shown !== write.before : !isAhead;
}
