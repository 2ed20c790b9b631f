// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { boundedDuration, goDurationMs } from './durations.ts';

describe('goDurationMs', () => {
  it.each<[unknown, number | undefined]>([
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['250ms', 250],
    ['1m30s500ms', 90_500],
    ['2000us', 2],
    [600, 600_000],
    ['600', 600_000],
    [0, 0],
    ['', undefined],
    ['soon', undefined],
    ['5 m', undefined],
    ['-5m', undefined],
    ['1d', undefined],
    [true, undefined],
    [undefined, undefined],
    [Number.NaN, undefined],
  ])('%j', (value, ms) => {
    expect(goDurationMs(value)).toBe(ms);
  });
});

describe('boundedDuration', () => {
  const bounds = { min: '1s', max: '1h' };

  it.each<[number, object]>([
    [90_000, { text: '1m30s' }],
    [1000, { text: '1s' }],
    [3_600_000, { text: '1h' }],
    [10, { text: '1s', why: 'it is from 1s to 1h here' }],
    [7_200_000, { text: '1h', why: 'it is from 1s to 1h here' }],
  ])('%d ms', (ms, made) => {
    expect(boundedDuration(ms, bounds)).toEqual(made);
  });

  it('has 0s where that is allowed', () => {
    expect(boundedDuration(0, { min: '0s', max: '1h' })).toEqual({ text: '0s' });
  });
});
