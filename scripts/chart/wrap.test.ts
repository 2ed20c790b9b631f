// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { comment, wrap } from './wrap.ts';

describe('wrap', () => {
  it.each<[string, string, number, string[]]>([
    ['a short text stays', 'one two', 10, ['one two']],
    ['a line may be full', 'one two three', 7, ['one two', 'three']],
    ['a longer word has a line of its own', 'a incomprehensible b', 5, ['a', 'incomprehensible', 'b']],
    ['white space is one blank', 'one\n  two', 20, ['one two']],
  ])('%s', (_, text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines);
  });
});

describe('comment', () => {
  it('counts its marks', () => {
    expect(comment('one two three', 9)).toEqual(['# one two', '# three']);
  });
});
