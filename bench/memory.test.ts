// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { isSettled, parseMemory } from './memory.ts';

const rollup = `55d0c000-7ffd1000 ---p 00000000 00:00 0                    [rollup]
Rss:               90112 kB
Pss:               88064 kB
Pss_Dirty:         40000 kB
SwapPss:               0 kB
`;
const status = 'Name:\tnode\nVmPeak:\t 1000000 kB\nVmHWM:\t  131072 kB\nVmRSS:\t   90112 kB\n';

describe('parseMemory', () => {
  it('reads bytes, and no other field of a like name', () => {
    const mebi = 1024 * 1024;
    expect(parseMemory(rollup, status)).toEqual({ rss: 88 * mebi, pss: 86 * mebi, peak: 128 * mebi });
  });

  it('refuses what has no such field', () => {
    expect(() => parseMemory(rollup, 'Name:\tnode\n')).toThrow('the kernel says nothing about VmHWM');
  });
});

describe('isSettled', () => {
  const mebi = 1024 * 1024;
  const still = Array.from({ length: 8 }, () => 100 * mebi);
  it.each([
    ['too few samples', still.slice(1), false],
    ['all the same', still, true],
    ['a little up and down', still.map((rss, index) => rss + (index % 2) * mebi), true],
    ['still falling', still.map((rss, index) => rss - index * mebi), false],
    ['one sample high', [...still.slice(1), 103 * mebi], false],
    ['restless long ago', [200 * mebi, ...still], true],
  ])('%s', (_what, rss, expected) => {
    expect(isSettled(rss)).toBe(expected);
  });
});
