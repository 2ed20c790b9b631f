// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, jest } from '@jest/globals';
import { systemClock } from './clock.ts';
import { createFakeClock } from './fake-clock.ts';

describe('systemClock', () => {
  it('begins with the wall clock', () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(60_000);
  });

  it.each([7_200_000, -7_200_000])('runs evenly when the wall clock is set by %d ms', (ms) => {
    const [wallMs, monotonicMs] = [systemClock.now(), systemClock.monotonicMs()];
    const realNow = Date.now.bind(Date);
    const set = jest.spyOn(Date, 'now').mockImplementation(() => realNow() + ms);
    try {
      const passedMs = systemClock.now() - wallMs;
      expect(Math.abs(passedMs - (systemClock.monotonicMs() - monotonicMs))).toBeLessThan(1_000);
    } finally {
      set.mockRestore();
    }
  });

  it('sleeps at least as long as asked', async () => {
    const startMs = systemClock.monotonicMs();

    await systemClock.sleep(30);

    expect(systemClock.monotonicMs() - startMs).toBeGreaterThanOrEqual(29);
  });

  it.each([0, -5])('returns at once for %d ms', async (ms) => {
    await systemClock.sleep(ms);
  });

  it('ends with the signal’s reason, before or during the sleep', async () => {
    const reason = new Error('stop');
    const controller = new AbortController();
    const sleeping = systemClock.sleep(60_000, controller.signal);

    controller.abort(reason);

    await expect(sleeping).rejects.toBe(reason);
    await expect(systemClock.sleep(60_000, controller.signal)).rejects.toBe(reason);
  });

  it('takes a sleep beyond the longest timer for what it is', async () => {
    const controller = new AbortController();
    const sleeping = systemClock.sleep(2 ** 33, controller.signal);
    const first = await Promise.race([sleeping, systemClock.sleep(30).then(() => 'still asleep')]);

    controller.abort('a reason that is no Error');

    expect(first).toBe('still asleep');
    await expect(sleeping).rejects.toThrow('a reason that is no Error');
  });
});

describe('the fake clock', () => {
  it('wakes sleepers in the order of their times, each at its own time', async () => {
    const clock = createFakeClock();
    const startMs = clock.monotonicMs();
    const woken: [string, number][] = [];
    const nap = async (name: string, ms: number) => {
      await clock.sleep(ms);
      woken.push([name, clock.monotonicMs() - startMs]);
    };
    void nap('b', 20);
    void nap('a', 10).then(() => nap('a again', 5));

    await clock.advance(30);

    expect(woken).toEqual([
      ['a', 10],
      ['a again', 15],
      ['b', 20],
    ]);
    expect(clock.monotonicMs() - startMs).toBe(30);
    expect(clock.sleepers()).toBe(0);
  });

  it('jumps by the wall without touching sleepers', async () => {
    const clock = createFakeClock();
    const [wallMs, monotonicMs] = [clock.now(), clock.monotonicMs()];
    void clock.sleep(1000);

    clock.jumpWall(-7_200_000);
    await clock.settle();

    expect(clock.now() - wallMs).toBe(-7_200_000);
    expect(clock.monotonicMs()).toBe(monotonicMs);
    expect(clock.sleepers()).toBe(1);
  });
});
