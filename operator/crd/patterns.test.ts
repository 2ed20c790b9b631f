// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { whyNotRe2 } from './patterns.ts';

describe('whyNotRe2', () => {
  it.each([
    '^[a-z]+$',
    '^(?:a|b)$',
    String.raw`^\d{1,3}\.\w$`,
    '^x{1000}$',
    '[^/]',
    String.raw`\\u`,
    String.raw`https?:\/\/`,
  ])('takes %s', (pattern) => {
    expect(whyNotRe2(pattern)).toBeUndefined();
  });

  it.each([
    ['^(?=a)', 'look-around'],
    ['^(?!a)', 'look-around'],
    ['(?<=a)b', 'look-around'],
    ['(?<!a)b', 'look-around'],
    ['(?<year>a)', 'a named group'],
    [String.raw`(a)\1`, 'a back-reference'],
    [String.raw`\u0041`, String.raw`a \u or \c escape`],
    ['[^]', 'an empty class'],
    ['^x{1001}$', 'a repeat over 1000'],
    ['^x{1,1001}$', 'a repeat over 1000'],
  ])('refuses %s: %s', (pattern, reason) => {
    expect(whyNotRe2(pattern)).toBe(reason);
  });

  it("refuses zod's own pattern of durations, which looks ahead", () => {
    const { pattern } = z.toJSONSchema(z.iso.duration());
    expect(whyNotRe2(pattern ?? '')).toBe('look-around');
  });
});
