// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createSight, type Sight } from './sight.ts';

interface Told {
  readonly clock: FakeClock;
  readonly sight: Sight;
  readonly startMs: number;
}

function begin(): Told {
  const clock = createFakeClock();
  return { clock, sight: createSight(clock), startMs: clock.now() };
}

/** Notes a status each second, `x` for none, and answers how many seconds of sight there are at the end. */
async function seenSeconds(statuses: string): Promise<number> {
  const { clock, sight } = begin();
  for (const status of statuses.split(' ')) {
    await clock.advance(1000);
    if (status !== 'x') sight.note(status);
  }
  return (clock.now() - sight.since()) / 1000;
}

describe('sight', () => {
  it.each([
    ['x x x x x x x x', 8, 'nobody calls'],
    ['200 201 404 409 422 429', 6, 'every call is answered'],
    ['200 connection connection 200 200', 5, 'a break of less than five seconds'],
    ['200 connection x x x x 200 200 200', 2, 'a break of five seconds ends with the first answer'],
    ['200 500 503 504 500 500 200', 0, 'an API server without its etcd'],
    ['timeout x x x x x', 0, 'the API server is away: nothing is seen'],
    ['timeout x x x', 4, 'the API server has just gone'],
    ['protocol x x x x x 403 200', 1, 'also a refusal is an answer'],
    ['x x aborted x x x x x', 8, 'what was called off says nothing'],
    ['connection 200 connection 200 connection 200 connection 200', 8, 'every other call fails'],
    ['connection connection connection x x x aborted 200 200', 1, 'a call that was called off ends no break'],
  ])('%s: %d s, for %s', async (statuses, seconds) => {
    expect(await seenSeconds(statuses)).toBe(seconds);
  });

  it.each([
    ['500', 30, 0, 'the watches would have tried by then'],
    ['500', 40, 41, 'a single failure that nothing followed was no break'],
    ['500 500 500 500 500 500 500', 40, 40, 'a break ends with its last failure'],
  ])('%s and then nothing for %d s: %d s, for %s', async (statuses, silentSeconds, seconds) => {
    const { clock, sight } = begin();
    for (const status of statuses.split(' ')) {
      await clock.advance(1000);
      sight.note(status);
    }
    await clock.advance(silentSeconds * 1000);
    expect((clock.now() - sight.since()) / 1000).toBe(seconds);
  });

  it.each([
    [20_000, 0],
    [5000, 0],
    [2000, 3],
  ])('after a standstill of %d ms has seen %d s', async (ms, seconds) => {
    let stoodMs = 0;
    const fake = createFakeClock();
    const clock: FakeClock = {
      ...fake,
      now: () => fake.now() + stoodMs,
      monotonicMs: () => fake.monotonicMs() + stoodMs,
    };
    const sight = createSight(clock);
    await clock.advance(1000);
    stoodMs = ms;
    expect((clock.now() - sight.since()) / 1000).toBe(seconds);
    await clock.advance(3000);
    expect((clock.now() - sight.since()) / 1000).toBe(seconds + 3);
  });

  it('is not misled by a wall clock that is set meanwhile', async () => {
    const { clock, sight, startMs } = begin();
    sight.note('connection');
    clock.jumpWall(7_200_000);
    await clock.advance(1000);
    sight.note('200');
    expect(sight.since()).toBe(startMs);
  });
});
