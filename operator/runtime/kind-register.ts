// SPDX-License-Identifier: Apache-2.0
import { createStore } from './create-store.ts';
import type { Store } from './store.ts';

/** A kind that the API server may not serve, because its CRD comes and goes. */
export interface KindPresence {
  readonly kind: string;
  readonly served: boolean;
}

/** Whether kinds are served, kept as any other store is, so that controllers may watch it. */
export interface KindRegister {
  /** By kind. A kind of which nothing is known yet is not in it. */
  readonly kinds: Store<KindPresence>;
  /** Takes note; nobody hears of what is no news. */
  note(kind: string, isServed: boolean): void;
}

/** A register that knows of no kind. `onError` is told when a listener throws. */
export function createKindRegister(onError: (kind: string, error: unknown) => void): KindRegister {
  const kinds = createStore<KindPresence>({
    name: 'kinds',
    project: ({ metadata, served }) => ({ kind: metadata.name ?? '', served: served === true }),
    onError: (_, kind, error) => onError(kind, error),
  });
  let version = 0;
  return {
    kinds,
    note(kind, served) {
      if (kinds.get(kind)?.served === served) return;
      const metadata = { name: kind, uid: kind, resourceVersion: String(++version) };
      kinds.upsert({ apiVersion: 'v1', kind: 'Kind', metadata, served });
    },
  };
}
