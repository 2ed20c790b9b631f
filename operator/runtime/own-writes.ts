// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from '../kube/objects.ts';
import type { Key, Store } from './store.ts';

/**
 * Read your own writes. After a write, a reconcile that reads the store must not act on a state from before it, or
 * it would do the same thing twice. Nobody patches the store by hand; a reconcile waits until it has caught up.
 */
export interface OwnWrites {
  /** Remembers what the API server answered to a create, update, patch or apply of an object that `store` holds. */
  record(store: Store<unknown>, written: KubeObject): void;
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
