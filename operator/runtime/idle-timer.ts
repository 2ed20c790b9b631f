// SPDX-License-Identifier: Apache-2.0
import { abortReason, type Clock, NO_LONGER_NEEDED } from './clock.ts';

/** Ends something that has gone silent. */
export interface IdleTimer {
  /** Aborts after the idle time without a touch, or with the outer signal. */
  readonly signal: AbortSignal;
  /** There was a sign of life. */
  touch(): void;
  /** It was silence that ended it. */
  isExpired(): boolean;
  /** Must be called when the work is over. */
  stop(): void;
}

/** Counts from now, by the monotonic clock. */
export function startIdleTimer(clock: Clock, idleMs: number, outer: AbortSignal): IdleTimer {
  const controller = new AbortController();
  const ended = new AbortController();
  let lastMs = clock.monotonicMs();
  let expired = false;
  const onOuterAbort = () => controller.abort(abortReason(outer));

  async function watchSilence(): Promise<void> {
    for (let leftMs = idleMs; leftMs > 0; leftMs = lastMs + idleMs - clock.monotonicMs()) {
      await clock.sleep(leftMs, ended.signal);
    }
    expired = true;
    controller.abort(new Error(`nothing was heard for ${idleMs} ms`));
  }

  if (outer.aborted) onOuterAbort();
  outer.addEventListener('abort', onOuterAbort, { once: true });
  watchSilence().catch(() => undefined); // only `stop` ends it early
  return {
    signal: controller.signal,
    touch() {
      lastMs = clock.monotonicMs();
    },
    isExpired: () => expired,
    stop() {
      ended.abort(NO_LONGER_NEEDED);
      outer.removeEventListener('abort', onOuterAbort);
    },
  };
}
