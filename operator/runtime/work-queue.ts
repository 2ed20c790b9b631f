// SPDX-License-Identifier: Apache-2.0

/**
 * Most urgent first. Within a lane, first come first served. `rollback`: what may take traffic back, as a measurement or
 * a wish from outside, goes before the follow-ups of what others do.
 */
export const LANES = ['rollback', 'step', 'status', 'housekeeping'] as const;

export type Lane = (typeof LANES)[number];

/** What a worker takes: a key, the most urgent lane it was added in, and why. */
export interface WorkItem {
  readonly key: string;
  readonly lane: Lane;
  readonly reasons: readonly string[];
}

export interface AddOptions {
  /** Default `status`. A key that waits in a less urgent lane moves up; it never moves down. */
  readonly lane?: Lane | undefined;
  /** Shown in the log line of the reconcile. */
  readonly reason?: string | undefined;
}

/**
 * Keys waiting for a worker: each at most once, never handed to two workers at once. A key added while it is being
 * worked on runs once more afterwards.
 */
export interface WorkQueue {
  add(key: string, options?: AddOptions): void;
  /** Adds after `afterMs`. Of several waits for one key the earliest wins; taking the key ends its wait. */
  addAfter(key: string, afterMs: number, options?: AddOptions): void;
  /** Adds after the key's back-off, 5 ms doubling to 1 000 s or to `maxMs`, and returns it in milliseconds. */
  addRateLimited(key: string, options?: AddOptions & { readonly maxMs?: number }): number;
  /** Resets the key's back-off. */
  forget(key: string): void;
  /** How often the key was rate-limited since it was last forgotten. */
  failures(key: string): number;
  /** Resolves with the next key, or with undefined once the queue is shut down. */
  get(): Promise<WorkItem | undefined>;
  /** Every key that was taken must be given back. */
  done(key: string): void;
  /** Keys ready to be taken. */
  readonly depth: number;
  /** Drops what waits, ends every `get`, and resolves when all taken keys are given back. */
  shutDown(): Promise<void>;
}

/** Told by a queue; all optional, none may throw. */
export interface WorkQueueMetrics {
  /** How many keys are ready in a lane now. */
  depth?(queue: string, lane: Lane, depth: number): void;
  added?(queue: string, lane: Lane): void;
  /** How long a key was ready before a worker took it. */
  waited?(queue: string, lane: Lane, seconds: number): void;
  /** A key was put into back-off. */
  retried?(queue: string): void;
}
