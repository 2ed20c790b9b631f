// SPDX-License-Identifier: Apache-2.0
import { type Clock, NO_LONGER_NEEDED } from './clock.ts';
import { moreUrgent } from './lanes.ts';
import type { AddOptions } from './work-queue.ts';

/** Keys to be added later, each once: of two times the earlier one counts. */
export interface Delays {
  add(key: string, afterMs: number, fire: (options: AddOptions) => void, options: AddOptions): void;
  cancel(key: string): void;
  clear(): void;
}

interface Pending {
  readonly atMs: number;
  readonly timer: AbortController;
}

/** No delays yet. They are counted by the monotonic clock. */
export function createDelays(clock: Clock): Delays {
  const pending = new Map<string, Pending & { options: AddOptions }>();

  function cancel(key: string): void {
    pending.get(key)?.timer.abort(NO_LONGER_NEEDED);
    pending.delete(key);
  }

  return {
    add(key, afterMs, fire, options) {
      const held = pending.get(key);
      const merged = held ? mergeOptions(held.options, options) : options;
      const atMs = clock.monotonicMs() + afterMs;
      if (held && held.atMs <= atMs) {
        held.options = merged;
        return;
      }
      cancel(key);
      const entry = { atMs, timer: new AbortController(), options: merged };
      pending.set(key, entry);
      clock.sleep(afterMs, entry.timer.signal).then(
        () => {
          pending.delete(key);
          fire(entry.options);
        },
        () => undefined, // cancelled: somebody else has taken over
      );
    },
    cancel,
    clear() {
      for (const key of pending.keys()) cancel(key);
    },
  };
}

function mergeOptions(held: AddOptions, added: AddOptions): AddOptions {
  const lane = moreUrgent(held.lane ?? 'status', added.lane ?? 'status');
  return { lane, reason: added.reason ?? held.reason };
}
