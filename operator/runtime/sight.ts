// SPDX-License-Identifier: Apache-2.0
import type { Clock } from './clock.ts';

/** Since when this process has seen the cluster without a break. */
export interface Sight {
  /** Told of every attempt of every call: an HTTP code, or `timeout`, `connection`, `protocol`, `aborted`. */
  note(status: string): void;
  /** By the clock's `now`, in ms. While the API server is away it is now: nothing that is known is seen. */
  since(): number;
}

/** A call is tried again sooner; a break that is shorter delays nobody. */
const SHORTEST_BREAK_MS = 5000;
/** While the API server is away every watch tries to come back at least every 30 s: who hears of no failure is not blind. */
const LONGEST_SILENCE_MS = 35_000;
/** A process that runs comes round more often than a break takes. */
const BEAT_MS = 1000;

/**
 * Sees from its own start on. A break begins with the first call that the API server does not answer, or answers with
 * 5xx, and ends with the first call that it answers otherwise, or when none has failed for a while. In a break of five seconds or more nobody heard of what
 * was written, and what went on unseen may have had to wait for the API server as well, so that no time until its end
 * counts against anybody. Time in which this process itself stood still, stopped or starved, is a break too.
 */
export function createSight(clock: Clock): Sight {
  let sinceMs = clock.now();
  let brokenAtMs: number | undefined;
  let failedAtMs = 0;
  let beatAtMs = clock.monotonicMs();

  /** After a standstill the timer comes first, or who was woken by something else and asks. */
  function beat(): void {
    const nowMs = clock.monotonicMs();
    if (nowMs - beatAtMs >= SHORTEST_BREAK_MS) sinceMs = clock.now();
    beatAtMs = nowMs;
  }

  async function beatOn(): Promise<void> {
    for (;;) {
      await clock.sleep(BEAT_MS);
      beat();
    }
  }

  function isBlind(): boolean {
    return brokenAtMs !== undefined && clock.monotonicMs() - brokenAtMs >= SHORTEST_BREAK_MS;
  }

  /** The last call failed, and nobody had to call again. */
  function endSilence(): void {
    const silentMs = clock.monotonicMs() - failedAtMs;
    if (brokenAtMs === undefined || silentMs < LONGEST_SILENCE_MS) return;
    if (failedAtMs - brokenAtMs >= SHORTEST_BREAK_MS) sinceMs = clock.now() - silentMs;
    brokenAtMs = undefined;
  }

  void beatOn();
  return {
    note(status) {
      if (status === 'aborted') return;
      if (isUnanswered(status)) {
        endSilence();
        failedAtMs = clock.monotonicMs();
        brokenAtMs ??= failedAtMs;
        return;
      }
      if (isBlind()) sinceMs = clock.now();
      brokenAtMs = undefined;
    },
    since() {
      beat();
      endSilence();
      return isBlind() ? clock.now() : sinceMs;
    },
  };
}

/** Also a server that answers 5xx has nothing to tell: its etcd is away, or it is about to go. */
function isUnanswered(status: string): boolean {
  return !/^[1-4][0-9][0-9]$/.test(status);
}
