// SPDX-License-Identifier: Apache-2.0
// Test support: timers that run only when a test moves the time.
import type { SamplerClock } from './types.ts';

export interface FakeSamplerClock extends SamplerClock {
  /** Runs, in order, what is due up to then, and what follows from it. */
  advance(ms: number): Promise<void>;
  /** Moves what `now` says, and no timer. */
  jumpWall(ms: number): void;
  /** Timers that wait. */
  timers(): number;
}

/** Starts at 0. */
export function createFakeSamplerClock(): FakeSamplerClock {
  const timers = new Set<{ readonly atMs: number; readonly run: () => void }>();
  let elapsedMs = 0;
  let wallMs = 0;

  function setTimer(ms: number, run: () => void): () => void {
    const timer = { atMs: elapsedMs + ms, run };
    timers.add(timer);
    return () => timers.delete(timer);
  }

  async function advance(ms: number): Promise<void> {
    const untilMs = elapsedMs + ms;
    for (;;) {
      await settled();
      const [next] = [...timers].filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs);
      if (!next) break;
      timers.delete(next);
      elapsedMs = next.atMs;
      next.run();
    }
    elapsedMs = untilMs;
  }

  return {
    now: () => elapsedMs + wallMs,
    setTimer,
    advance,
    jumpWall: (ms) => {
      wallMs += ms;
    },
    timers: () => timers.size,
  };
}

/** Every promise that waits for nothing else has run when a later turn of the event loop begins. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
