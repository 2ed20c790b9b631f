// SPDX-License-Identifier: Apache-2.0
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { Manager, ManagerParts } from './manager.ts';

export interface ManagerConfig extends ManagerParts {
  readonly clock: Clock;
  readonly log: Log;
  /** How long reconciles in work may go on at a stop. Default 3 000 ms. */
  readonly graceMs?: number | undefined;
}

const DEFAULT_GRACE_MS = 3000;
const SYNC_POLL_MS = 20;

/** A manager that has not started. */
export function createManager(config: ManagerConfig): Manager {
  const { sources, controllers, flushables = [], election, clock, log } = config;
  const stopping = new AbortController();
  let stopped: Promise<void> | undefined;

  const pending = () => sources.filter((source) => !source.hasSynced()).map(({ name }) => name);

  async function start(): Promise<void> {
    const { signal } = stopping;
    for (const source of sources) source.start();
    while (pending().length > 0) await clock.sleep(SYNC_POLL_MS, signal);
    log.info({ sources: sources.length }, 'caches have synced');
    await election?.acquire(signal);
    signal.throwIfAborted();
    for (const controller of controllers) controller.start();
    log.info({ controllers: controllers.map(({ name }) => name) }, 'controllers run');
  }

  async function stopAll(): Promise<void> {
    stopping.abort(new Error('the manager is stopping'));
    const graceMs = config.graceMs ?? DEFAULT_GRACE_MS;
    await attemptAll(controllers, (controller) => controller.stop(graceMs));
    await attemptAll(flushables, (flushable) => flushable.stop());
    if (election) await attemptAll([{ name: 'lease', election }], (lease) => lease.election.release());
    await attemptAll(sources, (source) => source.stop());
    log.info({}, 'everything has stopped');
  }

  /** One part that cannot stop in good order must not keep the others from stopping. */
  async function attemptAll<P extends { name: string }>(
    parts: readonly P[],
    stop: (part: P) => Promise<void>,
  ) {
    const stopOne = async (part: P) => {
      try {
        await stop(part);
      } catch (err) {
        log.error({ part: part.name, err }, 'stop failed');
      }
    };
    await Promise.all(parts.map(stopOne));
  }

  return {
    start,
    stop: () => (stopped ??= stopAll()),
    ready: () => !stopping.signal.aborted && pending().length === 0,
    pending,
  };
}
