// SPDX-License-Identifier: Apache-2.0
import { type Clock, NO_LONGER_NEEDED } from '../operator/runtime/clock.ts';

/** Tells one who waits that something may have changed. A ring that nobody waited for is heard at the next wait. */
export interface Bell {
  ring(): void;
  /** Resolves at a ring, after `atMostMs`, or when `ended` aborts. */
  wait(atMostMs: number): Promise<void>;
}

export function createBell(clock: Clock, ended: AbortSignal): Bell {
  let hasRung = false;
  let wake: () => void = () => undefined;
  const ring = () => {
    hasRung = true;
    wake();
  };
  ended.addEventListener('abort', ring, { once: true });
  return {
    ring,
    async wait(atMostMs) {
      if (!hasRung && !ended.aborted) {
        const timer = new AbortController();
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (Number.isFinite(atMostMs)) clock.sleep(atMostMs, timer.signal).then(resolve, () => undefined); // it has rung
        });
        timer.abort(NO_LONGER_NEEDED);
      }
      hasRung = false;
    },
  };
}
