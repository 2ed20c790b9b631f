// SPDX-License-Identifier: Apache-2.0
import { decodeWatchError, isForbidden } from '../kube/errors.ts';
import type { WatchEvent } from '../kube/objects.ts';
import { backoffMs } from './backoff.ts';
import type { Clock } from './clock.ts';
import { type IdleTimer, startIdleTimer } from './idle-timer.ts';
import type { ListWatch } from './list-watch.ts';
import type { Log } from './log.ts';
import type { Source } from './manager.ts';
import {
  afterFailedList,
  afterWatch,
  classifyEnd,
  type Listing,
  type ReflectorState,
  refuseOldList,
  type WatchEnd,
} from './reflector-state.ts';
import { createServed, type OnServed, type Served } from './served.ts';
import type { StoreSink } from './store.ts';

/** Told by a reflector; all optional, none may throw. */
export interface ReflectorMetrics {
  listed?(name: string, objects: number): void;
  watchEnded?(name: string, end: WatchEnd): void;
  /** Every watch event; a type that is not known counts as `UNKNOWN`. */
  event?(name: string, type: string): void;
  failed?(name: string): void;
}

export interface ReflectorParts {
  readonly name: string;
  readonly source: ListWatch;
  readonly sink: StoreSink;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 to 1. Default Math.random. */
  readonly random?: (() => number) | undefined;
  readonly metrics?: ReflectorMetrics | undefined;
  /**
   * Present: the resource may be unknown to the API server (404). Then the store is empty and synced, the API server is
   * asked again every 30 s at most, and the store fills when the resource appears. Told whether it is served when that
   * is first known, and at each change, after the store has taken it in.
   */
  readonly onServed?: OnServed | undefined;
}

/** Keeps a store equal to the API server, whatever happens in between. */
export type Reflector = Source;

const PAGE_SIZE = 500;
/** The API server sends a bookmark about once a minute; a watch that says nothing for longer is not alive. */
const IDLE_MS = 90_000;
/** Between two questions whether a resource that is absent has come. One LIST each, answered from memory. */
const ABSENT_MS = 30_000;
const MIN_SERVER_TIMEOUT_SECONDS = 300;
/** A watch that ends sooner, without an event, did not work, however politely it ended. */
const SHORT_WATCH_MS = 1000;

/**
 * A reflector that has not started. It lists, then watches from there, for ever: a watch that closes, falls silent
 * or breaks is resumed from the last resourceVersion, a resourceVersion that has expired (410) brings a new list,
 * taken in beside the old objects and swapped at its end. A list from before what it has heard is asked for again, for
 * about a minute. It waits longer after each failure, and never gives up.
 * After `stop` it touches neither source nor sink.
 */
export function createReflector(parts: ReflectorParts): Reflector {
  return new ApiReflector(parts);
}

class ApiReflector implements Reflector {
  readonly name: string;
  private readonly parts: ReflectorParts;
  private readonly random: () => number;
  private readonly ending = new AbortController();
  private running: Promise<void> | undefined;
  private synced = false;
  private readonly served: Served;

  constructor(parts: ReflectorParts) {
    this.name = parts.name;
    this.parts = parts;
    this.random = parts.random ?? Math.random;
    this.served = createServed({ name: parts.name, log: parts.log, onServed: parts.onServed });
  }

  hasSynced(): boolean {
    return this.synced;
  }

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.ending.abort(new Error(`${this.name}: stopped`));
    await this.running;
  }

  private get stopped(): boolean {
    return this.ending.signal.aborted;
  }

  private async run(): Promise<void> {
    let state: ReflectorState = { phase: 'list', failures: 0, whole: false };
    while (!this.stopped) state = await this.step(state);
  }

  private step(state: ReflectorState): Promise<ReflectorState> {
    return state.phase === 'list' ? this.list(state) : this.watch(state);
  }

  private async list(state: Listing): Promise<ReflectorState> {
    try {
      const resourceVersion = await this.replaceAll(state);
      return { phase: 'watch', failures: state.failures, resourceVersion };
    } catch (error) {
      if (this.stopped) return state;
      const next = afterFailedList(state, error);
      if (this.served.isDenied(error, next.failures)) return await this.waitForResource();
      this.report('list', error, next.failures);
      return await this.pause(next);
    }
  }

  private async waitForResource(): Promise<ReflectorState> {
    this.parts.sink.beginReplace().commit('');
    this.synced = true;
    this.served.note(false);
    await this.sleep(ABSENT_MS * (1 - 0.2 * this.random()));
    return { phase: 'list', failures: 0, whole: false };
  }

  private async replaceAll(listing: Listing): Promise<string> {
    const { source, sink, metrics } = this.parts;
    const { signal } = this.ending;
    const limit = listing.whole ? undefined : PAGE_SIZE;
    const replacement = sink.beginReplace();
    let next: string | undefined;
    let count = 0;
    for (;;) {
      const { items, metadata } = await source.list({ limit, continue: next, signal });
      signal.throwIfAborted();
      refuseOldList(listing, metadata.resourceVersion);
      for (const item of items) replacement.add(item);
      count += items.length;
      next = metadata.continue;
      if (next) continue;
      replacement.commit(metadata.resourceVersion);
      this.synced = true;
      this.served.note(true);
      metrics?.listed?.(this.name, count);
      return metadata.resourceVersion;
    }
  }

  private async watch(state: ReflectorState & { phase: 'watch' }): Promise<ReflectorState> {
    const { clock } = this.parts;
    const progress: Progress = { resourceVersion: state.resourceVersion, failures: state.failures };
    const idle = startIdleTimer(clock, IDLE_MS, this.ending.signal);
    const startMs = clock.monotonicMs();
    let failure: unknown;
    try {
      await this.follow(progress, idle);
      const isShort = clock.monotonicMs() - startMs < SHORT_WATCH_MS && progress.failures > 0;
      if (isShort) failure = new Error('the watch ended at once');
    } catch (error) {
      failure = error;
    } finally {
      idle.stop();
    }
    if (this.stopped) return state;
    const end = classifyEnd(failure, idle.isExpired());
    this.parts.metrics?.watchEnded?.(this.name, end);
    const next = afterWatch(progress, end, failure);
    if (end === 'closed' || end === 'idle') return next;
    this.report('watch', failure, progress.failures);
    return this.pause(next);
  }

  /** Takes events in until the watch ends. `progress.failures` starts anew with the first event. */
  private async follow(progress: Progress, idle: IdleTimer): Promise<void> {
    const timeoutSeconds = Math.round(MIN_SERVER_TIMEOUT_SECONDS * (1 + this.random()));
    const { resourceVersion } = progress;
    progress.failures += 1;
    for await (const event of this.parts.source.watch({
      resourceVersion,
      timeoutSeconds,
      signal: idle.signal,
    })) {
      if (this.stopped) return;
      idle.touch();
      progress.resourceVersion = this.take(event) ?? progress.resourceVersion;
      progress.failures = 0;
    }
  }

  /** Hands one event to the store. Returns how far the store is now, or undefined when the event does not say. */
  private take(event: WatchEvent): string | undefined {
    const { sink, metrics } = this.parts;
    const isKnown = KNOWN_EVENTS.has(event.type);
    metrics?.event?.(this.name, isKnown ? event.type : 'UNKNOWN');
    switch (event.type) {
      case 'ADDED':
      case 'MODIFIED':
        sink.upsert(event.object);
        return event.object.metadata.resourceVersion;
      case 'DELETED':
        sink.remove(event.object);
        return event.object.metadata.resourceVersion;
      case 'BOOKMARK':
        return this.advance(event.object.metadata.resourceVersion);
      case 'ERROR':
        throw decodeWatchError({ verb: 'watch' }, event.object);
      default:
        return undefined;
    }
  }

  private advance(resourceVersion: string | undefined): string | undefined {
    if (resourceVersion !== undefined) this.parts.sink.advance(resourceVersion);
    return resourceVersion;
  }

  private async pause(next: ReflectorState): Promise<ReflectorState> {
    await this.sleep(backoffMs(next.failures, this.random));
    return next;
  }

  /** Also over when the reflector is stopped. */
  private async sleep(ms: number): Promise<void> {
    try {
      await this.parts.clock.sleep(ms, this.ending.signal);
    } catch (error) {
      if (!this.stopped) throw error;
    }
  }

  private report(verb: 'list' | 'watch', error: unknown, failures: number): void {
    this.parts.metrics?.failed?.(this.name);
    const fields = { resource: this.name, verb, failures, err: error };
    if (isForbidden(error))
      this.parts.log.error(fields, `${verb} is forbidden; the role of the operator lacks it`);
    else this.parts.log.warn(fields, `${verb} failed; trying again`);
  }
}

interface Progress {
  resourceVersion: string;
  failures: number;
}

const KNOWN_EVENTS: ReadonlySet<string> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']);
