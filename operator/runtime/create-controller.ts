// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { isOutage, KubeApiError } from '../kube/errors.ts';
import { type Clock, NO_LONGER_NEEDED } from './clock.ts';
import type {
  Controller,
  ControllerMetrics,
  Reconcile,
  ReconcileOutcome,
  WatchMapper,
} from './controller.ts';
import { TerminalError, WaitingError } from './errors.ts';
import type { Log } from './log.ts';
import type { Result } from './result.ts';
import type { Store } from './store.ts';
import { startWatch } from './watch-mapping.ts';
import type { WorkItem, WorkQueue } from './work-queue.ts';

export interface ControllerParts {
  readonly name: string;
  readonly reconcile: Reconcile;
  readonly queue: WorkQueue;
  readonly clock: Clock;
  readonly log: Log;
  /** How many keys are in work at once. Default 4. */
  readonly workers?: number | undefined;
  /** A reconcile that takes longer has its signal aborted. Default 60 000 ms. */
  readonly timeoutMs?: number | undefined;
  readonly metrics?: ControllerMetrics | undefined;
}

const DEFAULT_WORKERS = 4;
const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * The longest back-off while the API server does not answer or is overloaded. That is nobody's own fault, and after
 * five minutes of it the doubling back-off of a key would sleep for minutes into the time when all is well again.
 */
const LONGEST_OUTAGE_BACKOFF_MS = 10_000;

/** A role, a quota or a rule of admission that refuses is changed by a person, and nothing wakes us when it is. */
const LONGEST_REFUSAL_BACKOFF_MS = 60_000;

/** A controller that has not started. What one key throws is logged, counted and backed off; no other key notices. */
export function createController(parts: ControllerParts): Controller {
  return new QueueController(parts);
}

class QueueController implements Controller {
  readonly name: string;
  readonly queue: WorkQueue;
  private readonly parts: ControllerParts;
  private readonly watches: ((signal: AbortSignal) => void)[] = [];
  /** Aborts when no more changes are to be mapped. */
  private readonly stopping = new AbortController();
  /** Aborts when the grace of those in work is over. */
  private readonly graceOver = new AbortController();
  private running: Promise<unknown> | undefined;

  constructor(parts: ControllerParts) {
    this.name = parts.name;
    this.queue = parts.queue;
    this.parts = parts;
  }

  watch<T>(store: Store<T>, map: WatchMapper<T>): void {
    if (this.running) throw new Error(`${this.name}: watch comes before start`);
    const { clock, log, metrics } = this.parts;
    this.watches.push((signal) => {
      const onFailure = (key: string, err: unknown) => {
        metrics?.mapperFailed?.(this.name, store.name);
        log.error(
          { controller: this.name, store: store.name, key, err },
          'a change could not be mapped to keys',
        );
      };
      startWatch({ store, map, queue: this.queue, clock, signal, onFailure });
    });
  }

  start(): void {
    if (this.running || this.stopping.signal.aborted) return;
    for (const watch of this.watches) watch(this.stopping.signal);
    const workers = Array.from({ length: this.parts.workers ?? DEFAULT_WORKERS }, () => this.work());
    this.running = Promise.all(workers);
  }

  async stop(graceMs: number): Promise<void> {
    this.stopping.abort(new Error(`${this.name}: stopping`));
    const drained = new AbortController();
    const grace = this.parts.clock.sleep(graceMs, drained.signal).then(
      () => this.graceOver.abort(new Error(`${this.name}: stopped after a grace of ${graceMs} ms`)),
      () => undefined, // all were done in time
    );
    await this.queue.shutDown();
    drained.abort(NO_LONGER_NEEDED);
    await Promise.all([grace, this.running]);
  }

  private async work(): Promise<void> {
    for (;;) {
      const item = await this.queue.get();
      if (!item) return;
      await this.process(item);
      this.queue.done(item.key);
    }
  }

  private async process(item: WorkItem): Promise<void> {
    const { clock, metrics } = this.parts;
    const reconcileId = randomUUID();
    const reason = item.reasons.join(', ');
    const log = this.parts.log.child({ controller: this.name, object: item.key, reconcileId, reason });
    const startMs = clock.monotonicMs();
    const outcome = await this.reconcileOnce(item, { reconcileId, reason, log });
    const seconds = (clock.monotonicMs() - startMs) / 1000;
    log.debug({ outcome, seconds }, 'reconciled');
    metrics?.reconciled?.(this.name, outcome, seconds);
  }

  private async reconcileOnce(item: WorkItem, run: Run): Promise<ReconcileOutcome> {
    const { clock, reconcile, timeoutMs = DEFAULT_TIMEOUT_MS } = this.parts;
    const limit = limitTime(clock, timeoutMs, this.graceOver.signal);
    try {
      return this.settle(item, await reconcile(item.key, { ...run, lane: item.lane, signal: limit.signal }));
    } catch (error) {
      return this.settleError(item, error, run.log);
    } finally {
      limit.clear();
    }
  }

  private settle({ key, lane }: WorkItem, result: Result): ReconcileOutcome {
    this.queue.forget(key);
    if (result.kind === 'requeue') this.queue.addAfter(key, result.afterMs, { lane, reason: 'due' });
    return result.kind;
  }

  private settleError({ key, lane }: WorkItem, error: unknown, log: Log): ReconcileOutcome {
    if (error instanceof TerminalError) {
      this.queue.forget(key);
      log.warn({ err: error, terminal: true }, error.message);
      return 'terminal';
    }
    if (error instanceof WaitingError) {
      this.queue.forget(key);
      this.queue.addAfter(key, error.afterMs, { lane, reason: error.reason });
      return 'waiting';
    }
    const backoffMs = this.queue.addRateLimited(key, { lane, reason: 'retry', ...longestBackoff(error) });
    log.error(
      { err: error, backoffMs, failures: this.queue.failures(key) },
      'reconcile failed; trying again',
    );
    return 'error';
  }
}

interface Run {
  readonly reconcileId: string;
  readonly reason: string;
  readonly log: Log;
}

function longestBackoff(error: unknown): { maxMs?: number } {
  if (isOutage(error)) return { maxMs: LONGEST_OUTAGE_BACKOFF_MS };
  return error instanceof KubeApiError ? { maxMs: LONGEST_REFUSAL_BACKOFF_MS } : {};
}

function limitTime(
  clock: Clock,
  timeoutMs: number,
  outer: AbortSignal,
): { signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const ended = new AbortController();
  const onOuterAbort = () => controller.abort(outer.reason);
  if (outer.aborted) onOuterAbort();
  outer.addEventListener('abort', onOuterAbort, { once: true });
  clock.sleep(timeoutMs, ended.signal).then(
    () => controller.abort(new Error(`the reconcile took longer than ${timeoutMs} ms`)),
    () => undefined, // it was over before
  );
  return {
    signal: controller.signal,
    clear() {
      ended.abort(NO_LONGER_NEEDED);
      outer.removeEventListener('abort', onOuterAbort);
    },
  };
}
