// SPDX-License-Identifier: Apache-2.0
import type { Random } from '../random.ts';
import type { Timeline } from '../timeline.ts';

/**
 * What becomes of a call: `lost` is carried out and its answer does not come back, `dropped` never arrives,
 * `unavailable` (503), `failed` (500), `busy` (429) and `conflict` (409) are refused, `failed-late` is carried out and
 * answered with 500.
 */
export type Fate = 'ok' | 'lost' | 'dropped' | 'unavailable' | 'failed' | 'failed-late' | 'busy' | 'conflict';

/** A time in which calls go wrong. */
export interface BadTime {
  readonly untilMs: number;
  readonly fate: Exclude<Fate, 'ok'>;
  readonly probability: number;
  /** Writes alone. */
  readonly writesOnly?: boolean;
}

/** What is wrong between the operator and the API server now. */
export class Faults {
  /** How long an answer takes one way at most, in ms. */
  longestCallMs = 15;
  /** How long a watch event takes at most, in ms. */
  longestLagMs = 60;
  /** Lists answer what was true this long ago. */
  staleByMs = 0;
  /** Kinds that the operator may not read until then. */
  readonly forbiddenUntil = new Map<string, number>();
  /** Kinds whose watch events wait until then. */
  readonly stalledUntil = new Map<string, number>();
  private readonly random: Random;
  private readonly timeline: Timeline;
  private readonly badTimes: BadTime[] = [];
  /** What happens to the writes that come next, in order. */
  private readonly nextWrites: Fate[] = [];

  constructor(random: Random, timeline: Timeline) {
    this.random = random;
    this.timeline = timeline;
  }

  /** From now on for a while. */
  begin(badTime: BadTime): void {
    this.badTimes.push(badTime);
  }

  /** The write after `after` more of them ends so. */
  meetWrite(after: number, fate: Fate): void {
    while (this.nextWrites.length < after) this.nextWrites.push('ok');
    this.nextWrites[after] = fate;
  }

  /** Everything is well again. */
  end(): void {
    this.badTimes.length = 0;
    this.nextWrites.length = 0;
    this.stalledUntil.clear();
    this.forbiddenUntil.clear();
    this.staleByMs = 0;
  }

  fateOf(isWrite: boolean): Fate {
    const planned = isWrite ? this.nextWrites.shift() : undefined;
    if (planned && planned !== 'ok') return planned;
    const { now } = this.timeline;
    const met = this.badTimes.find(
      ({ untilMs, writesOnly, probability }) =>
        now < untilMs && (isWrite || !writesOnly) && this.random.chance(probability),
    );
    if (!met) return 'ok';
    return met.fate === 'conflict' && !isWrite ? 'ok' : met.fate;
  }

  isForbidden(plural: string): boolean {
    return this.timeline.now < (this.forbiddenUntil.get(plural) ?? 0);
  }

  callMs(): number {
    return 1 + this.random.next() * this.longestCallMs;
  }

  lagMs(): number {
    return 1 + this.random.next() * this.longestLagMs;
  }
}
