// SPDX-License-Identifier: Apache-2.0
import type { Log } from './log.ts';
import type { Result } from './result.ts';
import type { Store, StoreEntry, StoreEvent } from './store.ts';
import type { Lane, WorkQueue } from './work-queue.ts';

/** What a reconcile is told besides its key. */
export interface ReconcileContext {
  /** Different for every run; in every log line. */
  readonly reconcileId: string;
  /** Why it runs, for the log only: a reconcile looks at the state, never at what woke it. */
  readonly reason: string;
  readonly lane: Lane;
  /** Aborts at the reconcile's timeout and at the end of the grace of a shutdown. */
  readonly signal: AbortSignal;
  /** Carries controller, object, reconcileId and reason. */
  readonly log: Log;
}

/**
 * Brings one object closer to what is asked. Level-based: it is told which object, not what happened to it, and
 * finds out by itself; running it twice is harmless. It throws to be tried again with back-off: TerminalError is
 * not tried again until a watch brings the object back, WaitingError comes back after its own wait.
 */
export type Reconcile = (key: string, context: ReconcileContext) => Promise<Result>;

/** A key to reconcile, alone or with its urgency. */
export type WatchTarget = string | { readonly key: string; readonly lane?: Lane; readonly reason?: string };

/** Says which objects of the controller a change concerns. Must be quick and free of effects. */
export type WatchMapper<T> = (entry: StoreEntry<T>, event: StoreEvent<T>) => readonly WatchTarget[];

export interface Controller {
  readonly name: string;
  readonly queue: WorkQueue;
  /** Maps changes of a store to keys. To be called before start, which replays what the store holds as `add`. */
  watch<T>(store: Store<T>, map: WatchMapper<T>): void;
  /** Starts the workers. */
  start(): void;
  /** Takes no more keys, waits up to `graceMs` for those in work, then aborts their signal and waits for them. */
  stop(graceMs: number): Promise<void>;
}

/** How a reconcile ended, as a label. */
export type ReconcileOutcome = 'done' | 'requeue' | 'waiting' | 'terminal' | 'error';

/** Told by a controller; all optional, none may throw. */
export interface ControllerMetrics {
  reconciled?(controller: string, outcome: ReconcileOutcome, seconds: number): void;
  /** A mapping function threw. */
  mapperFailed?(controller: string, store: string): void;
}
