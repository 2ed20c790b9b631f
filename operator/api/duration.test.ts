// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Duration, DURATION_PATTERN, durationMs, formatDuration } from './duration.ts';

describe('durationMs', () => {
  it.each([
    ['0s', 0],
    ['1ms', 1],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1h2m3s4ms', 3_723_004],
    ['90m', 5_400_000],
    ['168h', 604_800_000],
  ])('%s is %d ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });

  it.each(['', '1', 'm', '1 m', '-1s', '1.5h', '30m1h', '1d', '1H', ' 1s', '1s\n'])(
    'throws for "%s"',
    (text) => {
      expect(() => durationMs(text)).toThrow(`"${text}" is not a duration such as 30s, 5m or 1h30m`);
    },
  );
});

describe('formatDuration', () => {
  it.each([
    [0, '0ms'],
    [1, '1ms'],
    [999, '999ms'],
    [999.7, '1s'],
    [1000, '1s'],
    [59_600, '1m'],
    [61_000, '1m1s'],
    [3_600_000, '1h'],
    [5_400_000, '1h30m'],
    [90_061_000, '25h1m1s'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('is read back as it was written, to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600_000 }), (seconds) => {
        expect(durationMs(formatDuration(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
  });
});

describe('Duration', () => {
  const schema = Duration({ min: '1s', max: '1h' });

  it.each(['1s', '1000ms', '60m', '1h', '59m60s'])('takes %s', (text) => {
    expect(schema.safeParse(text).success).toBe(true);
  });

  it.each([
    ['999ms', ['must be a duration from 1s to 1h']],
    ['1h1ms', ['must be a duration from 1s to 1h']],
    ['1 m', ['must be a duration such as 30s, 5m or 1h30m']],
    [
      '1',
      ['Too small: expected string to have >=2 characters', 'must be a duration such as 30s, 5m or 1h30m'],
    ],
    ['', ['Too small: expected string to have >=2 characters']],
  ])('says of "%s": %j', (text, messages) => {
    expect(schema.safeParse(text).error?.issues.map((issue) => issue.message)).toEqual(messages);
  });

  it("never sums to more than CEL's duration() can hold, 292 years", () => {
    const longest = '999999h9999999m999999999s999999999ms';
    expect(DURATION_PATTERN.test(longest)).toBe(true);
    expect(durationMs(longest)).toBeLessThan(2 ** 63 / 1e6);
  });

  it('says the same in CEL', () => {
    expect(schema.meta()?.['x-kubernetes-validations']).toEqual([
      {
        rule: `self.size() < 2 || !self.matches('${DURATION_PATTERN.source}') || (duration(self) >= duration('1s') && duration(self) <= duration('1h'))`,
        message: 'must be a duration from 1s to 1h',
      },
    ]);
  });
});
