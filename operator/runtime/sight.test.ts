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

/** Notes a status each second, `x` for none. */
async function noteAll(sight: Sight, clock: FakeClock, statuses: string): Promise<void> {
  for (const status of statuses.split(' ')) {
    await clock.advance(1000);
    if (status !== 'x') sight.note(status);
  }
}

/** As noteAll; answers how many seconds of sight there are at the end. */
async function seenSeconds(statuses: string): Promise<number> {
  const { clock, sight } = begin();
  await noteAll(sight, clock, statuses);
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
    await noteAll(sight, clock, statuses);
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

  it.each([
    ['always', '200 x x x x x', -6],
    ['a break of less than three seconds', '200 connection x 200 200 x', -6],
    ['a break of three seconds', '200 connection x x 200 200', 11.6 - 1],
    ['a break of ten seconds', 'connection x x x x x x x x x 200 x', 25.6 - 1],
    ['one that is not over: as if it ended now', 'connection x x x x x', 15.6],
    ['two, with others not back between them', 'timeout x x x x 200 timeout x x x x x 200', 2 * (14 + 0.8)],
  ])(
    'others have seen the cluster since some time, in s from now: %s (%s)',
    async (_what, statuses, seconds) => {
      const { clock, sight } = begin();
      await noteAll(sight, clock, statuses);
      expect((sight.heardSince() - clock.now()) / 1000).toBeCloseTo(seconds);
    },
  );

  it('a standstill of this process says nothing of others', async () => {
    const { clock, sight } = begin();
    await clock.advance(10_000);
    expect(sight.heardSince()).toBe(sight.since());
  });

  it.each([
    ['a Lease that was just renewed: nothing', 4, '200', -1],
    ['a Lease of long ago: it may have been the API server', 3600, '200', 60 - 0],
    ['the first calls fail, too: all of it is one break', 11, 'x timeout x x 200', 2 * (11 + 5 + 0.8)],
  ])('what nobody saw before this process began: %s', async (_what, secondsBefore, statuses, seconds) => {
    const { clock, sight, startMs } = begin();
    await noteAll(sight, clock, statuses);
    sight.seenBefore(startMs - secondsBefore * 1000);
    expect((sight.heardSince() - clock.now()) / 1000).toBeCloseTo(seconds);
  });

  it('a Lease that another process renewed while this one waited says that it saw the cluster', async () => {
    const { clock, sight, startMs } = begin();
    sight.note('200');
    await clock.advance(60_000);
    sight.seenBefore(startMs + 45_000);
    expect(sight.heardSince()).toBe(startMs);
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
