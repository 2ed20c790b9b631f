// SPDX-License-Identifier: Apache-2.0
import type { Controller } from './controller.ts';

/** Something that fills a store: started first, stopped last. */
export interface Source {
  readonly name: string;
  start(): void;
  /** Resolves when nothing of it runs any more and it will call nobody back. */
  stop(): Promise<void>;
  hasSynced(): boolean;
}

/** Who may write. `acquire` resolves once leading; `release` gives the Lease back. */
export interface Election {
  acquire(signal: AbortSignal): Promise<void>;
  release(): Promise<void>;
}

/** Stopped after the workers, while the client still works, e.g. to flush events. Must bound its own time. */
export interface Flushable {
  readonly name: string;
  stop(): Promise<void>;
}

/**
 * The order of life: sources start, caches sync, the election is won, workers start. Stopping runs backwards:
 * workers finish what they hold within the grace, flushables flush, the Lease is released, sources end.
 */
export interface Manager {
  /** Resolves when the workers run. Rejects only if `stop` came first. */
  start(): Promise<void>;
  /** May be called at any time, more than once; resolves when everything has ended. */
  stop(): Promise<void>;
  /** All caches have synced and nothing is stopping: what /readyz says. */
  ready(): boolean;
  /** Names of the sources that have not synced, for the answer of /readyz. */
  pending(): readonly string[];
}

export interface ManagerParts {
  readonly sources: readonly Source[];
  readonly controllers: readonly Controller[];
  readonly flushables?: readonly Flushable[];
  /** Absent: this process leads from the start. */
  readonly election?: Election;
}
