// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { toTextLine } from './log-text.ts';

const head = { level: 'info', time: '2026-11-21T10:04:07.123Z' };

describe('toTextLine', () => {
  it.each([
    ['a message', { msg: 'started' }, '10:04:07.123 INFO  started\n'],
    [
      'fields',
      { object: 'shop/checkout', weight: 25, reason: 'two words', list: [1], msg: 'weight set' },
      '10:04:07.123 INFO  weight set object=shop/checkout weight=25 reason="two words" list=[1]\n',
    ],
    ['an error text', { err: 'no', msg: 'x' }, '10:04:07.123 INFO  x err=no\n'],
    [
      'an error with a stack and a cause',
      { err: { message: 'a', stack: 'Error: a\n    at b', cause: { message: 'c' } }, msg: 'x' },
      '10:04:07.123 INFO  x\n    Error: a\n        at b\n    caused by:\n        c\n',
    ],
  ])('%s', (_, fields, text) => {
    expect(toTextLine(JSON.stringify({ ...head, ...fields }))).toBe(text);
  });

  it.each(['no json\n', '"text"', 'null'])('leaves %j as it is', (line) => {
    expect(toTextLine(line)).toBe(line);
  });
});
