// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { comesBackWithinMs, createHearing } from './hearing.ts';

const seconds = (from: number, to: number) => ({ fromMs: from * 1000, toMs: to * 1000 });

/** The latest return there is after a break of so long: every wait as long or as short as chance can make it. */
function latestReturnMs(breakMs: number, waits: number): number {
  let latest = 0;
  for (let chances = 0; chances < 2 ** waits; chances += 1) {
    let atMs = 0;
    for (let tried = 0; tried < waits && atMs < breakMs; tried += 1) {
      const chance = (chances >> tried) & 1 ? 2 : 1;
      atMs += Math.min(30_000, 800 * 2 ** tried) * chance;
    }
    if (atMs >= breakMs) latest = Math.max(latest, atMs - breakMs);
  }
  return latest;
}

describe('comesBackWithinMs', () => {
  it.each([5, 7, 10, 15, 23, 40, 60, 90, 120])('is never too short, after %d s', (breakSeconds) => {
    const latest = latestReturnMs(breakSeconds * 1000, 10);
    const within = comesBackWithinMs(seconds(0, breakSeconds));
    expect(within).toBeGreaterThanOrEqual(latest);
    expect(latest).toBeGreaterThan(within / 4);
  });

  it('is a minute at most, however long the break was', () => {
    expect(comesBackWithinMs(seconds(0, 86_400))).toBe(60_000);
  });
});

describe('hearing', () => {
  it.each([
    ['nothing was missed', [], Number.NEGATIVE_INFINITY],
    ['a break', [seconds(10, 25)], 25 + 31.6],
    ['one that begins while some are not back yet goes on', [seconds(0, 10), seconds(20, 25)], 25 + 51.6],
    ['one that begins when all are back is its own', [seconds(0, 10), seconds(40, 45)], 45 + 11.6],
    [
      'the same break told twice, the second time from its beginning',
      [seconds(8, 15), seconds(0, 15)],
      15 + 31.6,
    ],
    ['a shorter one that was over before', [seconds(50, 70), seconds(0, 6)], 70 + 41.6],
  ])('%s', (_what, breaks, since) => {
    const hearing = createHearing();
    for (const missed of breaks) hearing.missed(missed);
    expect(hearing.since()).toBe(since * 1000);
  });
});
