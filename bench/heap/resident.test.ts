// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { parseSmaps } from './resident.ts';

const SMAPS = `00400000-04c00000 r-xp 00000000 fe:00 123                        /usr/bin/node
Size:              73728 kB
Rss:               40000 kB
Pss:               10000 kB
04c00000-04d00000 rw-p 04800000 fe:00 123                        /usr/bin/node
Rss:                 500 kB
05a00000-06a00000 rw-p 00000000 00:00 0                          [heap]
Rss:                9000 kB
2f3e00000000-2f3e00040000 rw-p 00000000 00:00 0
Rss:                 256 kB
7f0000000000-7f0000100000 r-xp 00000000 fe:00 77                 /lib/x86_64-linux-gnu/libc.so.6
Rss:                1500 kB
7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0                  [stack]
Rss:                  40 kB
`;

describe('parseSmaps', () => {
  it('sums by what memory is mapped for', () => {
    expect(parseSmaps(SMAPS, '/usr/bin/node')).toEqual({
      program: 40_500 * 1024,
      malloc: 9_000 * 1024,
      anonymous: 296 * 1024,
      libraries: 1_500 * 1024,
    });
  });

  it('leaves no resident page out', () => {
    const all = Object.values(parseSmaps(SMAPS, '/elsewhere/node')).reduce((sum, bytes) => sum + bytes, 0);
    expect(all).toBe(51_296 * 1024);
  });
});
