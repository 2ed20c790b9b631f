// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clockOf, fromIso, toIso } from './time.ts';

describe('time', () => {
  it('writes and reads the same texts as the platform, for any millisecond from 1970 to 9999', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (ms) => {
        expect(toIso(ms)).toBe(new Date(ms).toISOString());
        expect(fromIso(toIso(ms))).toBe(ms);
      }),
    );
  });

  it.each([
    ['2026-11-21T08:00:00Z', Date.UTC(2026, 10, 21, 8)],
    ['2024-02-29T23:59:59.5Z', Date.UTC(2024, 1, 29, 23, 59, 59, 500)],
    ['2026-11-21T08:00:00.123456Z', Date.UTC(2026, 10, 21, 8, 0, 0, 123)],
  ])('reads %s', (text, ms) => {
    expect(fromIso(text)).toBe(ms);
  });

  it.each([undefined, '', 'yesterday', '2026-11-21', '2026-11-21T08:00:00+01:00'])('refuses %s', (text) => {
    expect(fromIso(text)).toBeNaN();
  });

  it('gives the time of day in UTC', () => {
    expect(clockOf(Date.UTC(2026, 10, 21, 14, 8, 42, 999))).toBe('14:08:42');
  });
});
