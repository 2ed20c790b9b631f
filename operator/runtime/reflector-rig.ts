// SPDX-License-Identifier: Apache-2.0
// Test support: a reflector between a resource in memory and a store, with fake time.
import { createStore } from './create-store.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakeResource, type FakeResource } from './fake-resource.ts';
import { type Log, silentLog } from './log.ts';
import { createReflector, type Reflector } from './reflector.ts';
import type { Store } from './store.ts';

export interface ReflectorRig {
  readonly clock: FakeClock;
  readonly resource: FakeResource;
  readonly store: Store<unknown>;
  readonly reflector: Reflector;
  /** What the metrics were told. */
  readonly told: string[];
  /** Warnings and errors that were logged. */
  readonly logged: string[];
  /** What the store has, by key. */
  held(): Record<string, unknown>;
  start(): Promise<void>;
}

export function createReflectorRig(parts: { onServed?: (isServed: boolean) => void } = {}): ReflectorRig {
  const clock = createFakeClock();
  const resource = createFakeResource();
  const told: string[] = [];
  const logged: string[] = [];
  const log: Log = {
    ...silentLog,
    warn: (fields, message) => logged.push(`warn ${String(fields['verb'])}: ${message}`),
    error: (fields, message) => logged.push(`error ${String(fields['verb'])}: ${message}`),
  };
  const store = createStore<unknown>({
    name: 'things',
    project: (object) => object['data'],
    onError: (where, key, error) => logged.push(`${where} ${key}: ${String(error)}`),
  });
  const reflector = createReflector({
    name: 'things',
    source: resource.source,
    sink: store,
    clock,
    log,
    random: () => 0.5,
    metrics: {
      listed: (_, objects) => told.push(`listed ${objects}`),
      watchEnded: (_, end) => told.push(end),
      event: (_, type) => told.push(type),
    },
    ...parts,
  });
  return {
    clock,
    resource,
    store,
    reflector,
    told,
    logged,
    held: () => Object.fromEntries(store.keys().map((key) => [key, store.get(key)])),
    async start() {
      reflector.start();
      await clock.settle();
    },
  };
}
