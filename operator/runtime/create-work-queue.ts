// SPDX-License-Identifier: Apache-2.0
import type { Clock } from './clock.ts';
import { type Delays, createDelays } from './delays.ts';
import { createLanes, type Lanes, mergeEntries, type QueueEntry } from './lanes.ts';
import type { AddOptions, WorkItem, WorkQueue, WorkQueueMetrics } from './work-queue.ts';

const FIRST_BACKOFF_MS = 5;
const LONGEST_BACKOFF_MS = 1_000_000;

export interface WorkQueueParts {
  readonly name: string;
  readonly clock: Clock;
  readonly metrics?: WorkQueueMetrics | undefined;
}

/** An empty queue. */
export function createWorkQueue(parts: WorkQueueParts): WorkQueue {
  return new LaneQueue(parts);
}

class LaneQueue implements WorkQueue {
  private readonly name: string;
  private readonly clock: Clock;
  private readonly metrics: WorkQueueMetrics;
  private readonly ready: Lanes;
  private readonly delays: Delays;
  /** Keys in work; the value is what was added meanwhile. */
  private readonly processing = new Map<string, QueueEntry | undefined>();
  private readonly backoffs = new Map<string, number>();
  private readonly workers: ((item: WorkItem | undefined) => void)[] = [];
  private ending: PromiseWithResolvers<void> | undefined;

  constructor({ name, clock, metrics = {} }: WorkQueueParts) {
    this.name = name;
    this.clock = clock;
    this.metrics = metrics;
    this.ready = createLanes((lane, depth) => metrics.depth?.(name, lane, depth));
    this.delays = createDelays(clock);
  }

  get depth(): number {
    return this.ready.size;
  }

  add(key: string, options: AddOptions = {}): void {
    if (this.ending) return;
    const entry = this.entryOf(key, options);
    this.metrics.added?.(this.name, entry.lane);
    if (this.processing.has(key)) {
      const added = this.processing.get(key);
      this.processing.set(key, added ? mergeEntries(added, entry) : entry);
    } else {
      this.offer(entry);
    }
  }

  addAfter(key: string, afterMs: number, options: AddOptions = {}): void {
    if (this.ending) return;
    if (afterMs <= 0) this.add(key, options);
    else this.delays.add(key, afterMs, (merged) => this.add(key, merged), options);
  }

  addRateLimited(key: string, options: AddOptions & { readonly maxMs?: number } = {}): number {
    const count = this.failures(key);
    const longestMs = Math.min(options.maxMs ?? LONGEST_BACKOFF_MS, LONGEST_BACKOFF_MS);
    const delayMs = Math.min(FIRST_BACKOFF_MS * 2 ** count, longestMs);
    this.backoffs.set(key, count + 1);
    this.metrics.retried?.(this.name);
    this.addAfter(key, delayMs, options);
    return delayMs;
  }

  forget(key: string): void {
    this.backoffs.delete(key);
  }

  failures(key: string): number {
    return this.backoffs.get(key) ?? 0;
  }

  get(): Promise<WorkItem | undefined> {
    const item = this.ending ? undefined : this.take();
    if (item || this.ending) return Promise.resolve(item);
    return new Promise((resolve) => this.workers.push(resolve));
  }

  done(key: string): void {
    const added = this.processing.get(key);
    this.processing.delete(key);
    if (added && !this.ending) this.offer(added);
    if (this.processing.size === 0) this.ending?.resolve();
  }

  shutDown(): Promise<void> {
    if (this.ending) return this.ending.promise;
    this.ending = Promise.withResolvers<void>();
    this.ready.clear();
    this.delays.clear();
    for (const worker of this.workers.splice(0)) worker(undefined);
    if (this.processing.size === 0) this.ending.resolve();
    return this.ending.promise;
  }

  private offer(entry: QueueEntry): void {
    this.ready.add(entry);
    const worker = this.workers.shift();
    if (worker) worker(this.take());
  }

  private take(): WorkItem | undefined {
    const entry = this.ready.take();
    if (!entry) return undefined;
    this.processing.set(entry.key, undefined);
    this.delays.cancel(entry.key);
    this.metrics.waited?.(this.name, entry.lane, (this.clock.monotonicMs() - entry.sinceMs) / 1000);
    return { key: entry.key, lane: entry.lane, reasons: entry.reasons };
  }

  private entryOf(key: string, { lane = 'status', reason }: AddOptions): QueueEntry {
    const reasons = reason === undefined ? [] : [reason];
    return { key, lane, reasons, sinceMs: this.clock.monotonicMs() };
  }
}
