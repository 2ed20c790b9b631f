// SPDX-License-Identifier: Apache-2.0
import type { Clock } from './clock.ts';
import { type Break, comesBackWithinMs, createHearing } from './hearing.ts';

/** Since when the cluster has been seen without a break. Times are the clock's `now`, in ms. */
export interface Sight {
  /** Told of every attempt of every call: an HTTP code, or `timeout`, `connection`, `protocol`, `aborted`. */
  note(status: string): void;
  /** When somebody who acts for Headway last saw the cluster before this process did. */
  seenBefore(ms: number): void;
  /** By this process. While the API server is away it is now: nothing that is known is seen. */
  since(): number;
  /** By everybody else, too. After a break it lies ahead: their watches come back some time after the API server. */
  heardSince(): number;
}

/** A call is tried again sooner; a break that is shorter delays nobody. */
const SHORTEST_BREAK_MS = 5000;
/** After so long others are waited for, too. A call that fails by itself is over sooner: the Lease is renewed every 2 s. */
const SHORTEST_SILENCE_MS = 3000;
/** So much earlier than its first call that failed a break may have begun. */
const NOTICED_WITHIN_MS = 2000;
/** While the API server is away every watch tries to come back at least every 30 s: who hears of no failure is not blind. */
const LONGEST_SILENCE_MS = 35_000;
/** A process that runs comes round more often than a break takes. */
const BEAT_MS = 1000;

/**
 * Sees from its own start on. A break begins with the first call that the API server does not answer, or answers with
 * 5xx, and ends with the first call that it answers otherwise, or when none has failed for a while. In a break of five
 * seconds or more nobody heard of what was written, and what went on unseen may have had to wait for the API server as
 * well, so that no time until its end counts against anybody. Time in which this process itself stood still, stopped or
 * starved, is a break too, of which others know nothing. What nobody saw before this process began may have been one of
 * the API server: a leader that cannot renew its Lease ends, and its successor comes when it is over.
 */
export function createSight(clock: Clock): Sight {
  const sight = new OwnSight(clock);
  void sight.beatOn();
  return sight;
}

class OwnSight implements Sight {
  private readonly clock: Clock;
  private readonly hearing = createHearing();
  private readonly startedMs: number;
  private answeredMs: number | undefined;
  private sinceMs: number;
  private brokenAtMs: number | undefined;
  private failedAtMs = 0;
  private beatAtMs: number;

  constructor(clock: Clock) {
    this.clock = clock;
    this.startedMs = clock.now();
    this.sinceMs = this.startedMs;
    this.beatAtMs = clock.monotonicMs();
  }

  note(status: string): void {
    if (status === 'aborted') return;
    if (isUnanswered(status)) this.failed();
    else this.answered();
  }

  seenBefore(fromMs: number): void {
    if (this.startedMs - fromMs < SHORTEST_BREAK_MS) return;
    this.hearing.missed({ fromMs, toMs: this.answeredMs ?? this.startedMs });
  }

  since(): number {
    this.beat();
    this.endSilence();
    return this.isBlind() ? this.clock.now() : this.sinceMs;
  }

  heardSince(): number {
    const seenMs = this.since();
    if (this.brokenMs() < SHORTEST_SILENCE_MS) return Math.max(seenMs, this.hearing.since());
    const missed = this.breakUntil(this.clock.now(), this.brokenMs());
    return missed.toMs + comesBackWithinMs(missed);
  }

  async beatOn(): Promise<void> {
    for (;;) {
      await this.clock.sleep(BEAT_MS);
      this.beat();
    }
  }

  /** After a standstill the timer comes first, or who was woken by something else and asks. */
  private beat(): void {
    const nowMs = this.clock.monotonicMs();
    if (nowMs - this.beatAtMs >= SHORTEST_BREAK_MS) this.sinceMs = this.clock.now();
    this.beatAtMs = nowMs;
  }

  private failed(): void {
    this.endSilence();
    this.failedAtMs = this.clock.monotonicMs();
    this.brokenAtMs ??= this.failedAtMs;
  }

  private answered(): void {
    this.endBreak(0);
    this.answeredMs ??= this.clock.now();
  }

  /** For how long the API server has been away, however short that is. */
  private brokenMs(): number {
    return this.brokenAtMs === undefined ? 0 : this.clock.monotonicMs() - this.brokenAtMs;
  }

  private isBlind(): boolean {
    return this.brokenMs() >= SHORTEST_BREAK_MS;
  }

  /** The last call failed, and nobody had to call again. */
  private endSilence(): void {
    const silentMs = this.clock.monotonicMs() - this.failedAtMs;
    if (this.brokenAtMs !== undefined && silentMs >= LONGEST_SILENCE_MS) this.endBreak(silentMs);
  }

  /** The API server was away until some time ago. */
  private endBreak(agoMs: number): void {
    const toMs = this.clock.now() - agoMs;
    const lengthMs = this.brokenMs() - agoMs;
    this.brokenAtMs = undefined;
    if (lengthMs >= SHORTEST_SILENCE_MS) this.hearing.missed(this.breakUntil(toMs, lengthMs));
    if (lengthMs >= SHORTEST_BREAK_MS) this.sinceMs = toMs;
  }

  private breakUntil(toMs: number, lengthMs: number): Break {
    return { fromMs: toMs - lengthMs - NOTICED_WITHIN_MS, toMs };
  }
}

/** Also a server that answers 5xx has nothing to tell: its etcd is away, or it is about to go. */
function isUnanswered(status: string): boolean {
  return !/^[1-4][0-9][0-9]$/.test(status);
}
