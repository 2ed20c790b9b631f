// SPDX-License-Identifier: Apache-2.0
// Test support: time that moves only when a test says so.
import { abortReason, type Clock } from './clock.ts';

export interface FakeClock extends Clock {
  /** Moves both clocks forward and lets everything that was due, and what follows from it, run in order. */
  advance(ms: number): Promise<void>;
  /** Moves the wall clock alone, as NTP or a person would. */
  jumpWall(ms: number): void;
  /** Sleeps that wait now. */
  sleepers(): number;
  /** Lets everything run that waits for nothing but its turn. */
  settle(): Promise<void>;
}

interface Sleeper {
  readonly atMs: number;
  wake(): void;
}

/** Starts at a fixed moment: 2026-01-01T00:00:00Z by the wall clock. */
export function createFakeClock(): FakeClock {
  const sleepers = new Set<Sleeper>();
  let monotonicMs = 1000;
  let wallOffsetMs = Date.UTC(2026, 0, 1) - monotonicMs;

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(abortReason(signal));
        return;
      }
      const onAbort = () => {
        sleepers.delete(sleeper);
        if (signal) reject(abortReason(signal));
      };
      const wake = () => {
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      const sleeper: Sleeper = { atMs: monotonicMs + Math.max(ms, 0), wake };
      sleepers.add(sleeper);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  async function advance(ms: number): Promise<void> {
    const untilMs = monotonicMs + ms;
    await settle();
    for (let next = nextDue(sleepers, untilMs); next; next = nextDue(sleepers, untilMs)) {
      monotonicMs = Math.max(monotonicMs, next.atMs);
      next.wake();
      await settle();
    }
    monotonicMs = untilMs;
  }

  return {
    now: () => monotonicMs + wallOffsetMs,
    monotonicMs: () => monotonicMs,
    sleep,
    advance,
    jumpWall(ms) {
      wallOffsetMs += ms;
    },
    sleepers: () => sleepers.size,
    settle,
  };
}

function nextDue(sleepers: ReadonlySet<Sleeper>, untilMs: number): Sleeper | undefined {
  let first: Sleeper | undefined;
  for (const sleeper of sleepers) {
    if (sleeper.atMs <= untilMs && (first === undefined || sleeper.atMs < first.atMs)) first = sleeper;
  }
  return first;
}

/** A macrotask runs only when all microtasks have run; a second one catches what the first one's turn queued. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}
