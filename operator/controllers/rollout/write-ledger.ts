// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from '../../kube/objects.ts';
import type { OwnWrites } from '../../runtime/own-writes.ts';
import type { Sight } from '../../runtime/sight.ts';
import { type Key, keyOf, type Store } from '../../runtime/store.ts';

interface RolloutIdentity {
  readonly metadata: { readonly namespace: string; readonly name: string };
}

/** What has been written for each Canary and the stores may not show yet, so that nothing is done twice. */
export interface WriteLedger {
  wrote(rollout: RolloutIdentity, store: Store<unknown>, written: Pick<KubeObject, 'metadata'>): void;
  removed(rollout: RolloutIdentity, store: Store<unknown>, gone: { key: Key; uid: string }): void;
  /** What was written for a Canary before this process is noted, so that `settle` waits for that too. */
  meet(key: Key): void;
  /** It was met, and the cluster has been seen without a break since. */
  hasMet(key: Key): boolean;
  /** A write for a Canary may have happened or not, so that what is there has to be met anew. */
  doubt(key: Key): void;
  /** Resolves true once the stores show every write of this Canary, its status included, false after `timeoutMs`. */
  settle(key: Key, wait: { timeoutMs: number; signal: AbortSignal }): Promise<boolean>;
  forget(key: Key): void;
}

/** An empty ledger. `canaries` is the store of the Canaries themselves, whose status is written by every reconcile. */
export function createWriteLedger(
  ownWrites: OwnWrites,
  canaries: Store<unknown>,
  sight: Pick<Sight, 'since'>,
): WriteLedger {
  /** Since when the cluster was seen without a break as it was met. */
  const met = new Map<Key, number>();
  const open = new Map<Key, Map<string, { store: Store<unknown>; key: Key }>>();

  function note(rollout: RolloutIdentity, store: Store<unknown>, key: Key): void {
    const owner = keyOf(rollout);
    const writes = open.get(owner) ?? new Map<string, { store: Store<unknown>; key: Key }>();
    writes.set(`${store.name} ${key}`, { store, key });
    open.set(owner, writes);
  }

  return {
    wrote(rollout, store, written) {
      ownWrites.record(store, written);
      note(rollout, store, keyOf(written));
    },
    removed(rollout, store, { key, uid }) {
      ownWrites.recordDelete(store, key, uid);
      note(rollout, store, key);
    },
    meet: (key) => void met.set(key, sight.since()),
    hasMet: (key) => met.get(key) === sight.since(),
    doubt: (key) => void met.delete(key),
    async settle(owner, wait) {
      if (!(await ownWrites.whenCaughtUp(canaries, owner, wait))) return false;
      for (const [id, { store, key }] of open.get(owner) ?? []) {
        if (!(await ownWrites.whenCaughtUp(store, key, wait))) return false;
        open.get(owner)?.delete(id);
      }
      return true;
    },
    forget(owner) {
      open.delete(owner);
      met.delete(owner);
    },
  };
}
