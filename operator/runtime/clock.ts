// SPDX-License-Identifier: Apache-2.0

/**
 * Time for everything in runtime/ and controllers/. Deadlines and durations within the process go by `monotonicMs`;
 * what is stored, such as the start of a pause, by `now`.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. While the process lives it runs as evenly as `monotonicMs`. */
  now(): number;
  /** Milliseconds since some fixed moment of this process. */
  monotonicMs(): number;
  /** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. Does not keep the process up. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * The reason for which a sleep is ended that nobody needs any more. One for all: without a reason each `abort` makes a
 * DOMException with a stack trace, and a sleep is begun and ended with every reconcile.
 */
export const NO_LONGER_NEEDED = new Error('no longer needed');

/** setTimeout overflows beyond this and would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The machine's clocks: the wall clock is read once, when the process starts, and carried on by the monotonic one. A
 * wall clock that is set while the process lives thus cuts no pause short and makes none longer; who reads the times
 * of a status finds them off by as much until the next start.
 */
export const systemClock: Clock = Object.freeze({
  now: () => Math.floor(performance.timeOrigin + performance.now()),
  monotonicMs: () => performance.now(),
  sleep: sleepFor,
});

async function sleepFor(ms: number, signal?: AbortSignal): Promise<void> {
  for (let left = ms; ; left -= LONGEST_TIMER_MS) {
    await sleepOnce(Math.min(Math.max(left, 0), LONGEST_TIMER_MS), signal);
    if (left <= LONGEST_TIMER_MS) return;
  }
}

function sleepOnce(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(abortReason(signal));
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      if (signal) reject(abortReason(signal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    timer.unref();
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** The reason of an aborted signal as an Error, whatever was passed to `abort`. */
export function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason));
}
