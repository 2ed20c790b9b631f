// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { forEachOf } from './many.ts';

describe('forEachOf', () => {
  it('works on each once, and on no more than the limit at a time', async () => {
    const done: number[] = [];
    let running = 0;
    let most = 0;
    await forEachOf([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      done.push(item);
    });
    expect(done.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(most).toBe(3);
  });

  it('ends with the first error and begins nothing after it', async () => {
    const begun: number[] = [];
    const work = forEachOf([1, 2, 3, 4, 5, 6], 2, async (item) => {
      begun.push(item);
      await Promise.resolve();
      if (item === 2) throw new Error('two');
    });
    await expect(work).rejects.toThrow('two');
    expect(begun.length).toBeLessThan(6);
  });

  it('is done at once with nothing', async () => {
    await expect(forEachOf([], 4, () => Promise.reject(new Error('never')))).resolves.toBeUndefined();
  });
});
