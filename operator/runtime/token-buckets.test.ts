// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { createFakeClock } from './fake-clock.ts';
import { createTokenBuckets } from './token-buckets.ts';

describe('token buckets', () => {
  it('hold a burst, refill steadily, and never hold more', async () => {
    const clock = createFakeClock();
    const buckets = createTokenBuckets({ clock, burst: 3, refillMs: 1000 });
    const takeAll = () => {
      let taken = 0;
      while (buckets.take('a')) taken += 1;
      return taken;
    };

    const taken = [takeAll()];
    for (const ms of [999, 1, 2500, 500, 100_000]) {
      await clock.advance(ms);
      taken.push(takeAll());
    }

    expect(taken).toEqual([3, 0, 1, 2, 1, 3]);
    expect(buckets.take('b')).toBe(true);
  });
});
