// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { logTail } from './log-tail.ts';

describe('the tail of a log', () => {
  it.each([
    ['', ''],
    ['\n \r\n\t\n', ''],
    ['one', 'one'],
    ['1\n2\n3\n4\n\n', '2 | 3 | 4'],
    ['  a \r\n\r\nb\rc', 'a | b | c'],
    ['\u001b[31mcart is empty\u001b[0m\n', 'cart is empty'],
    ['a\u0000\u0007b\u2028c\td', 'a b c d'],
  ])('%j becomes %j', (log, tail) => {
    expect(logTail(log)).toBe(tail);
  });

  it('is cut at its beginning: the end says why', () => {
    const tail = logTail(`${'x'.repeat(500)} why`);
    expect(tail).toHaveLength(200);
    expect(tail).toMatch(/^…x+ why$/);
  });

  it('stays well formed when it is cut', () => {
    const tail = logTail('😀'.repeat(150) + 'x');
    expect(tail.isWellFormed()).toBe(true);
    expect(tail.length).toBeLessThanOrEqual(200);
  });

  it.each([
    ['Authorization: Bearer abc.def-ghi', 'Authorization: ***'],
    ['sent bearer abcdefgh12', 'sent ***'],
    ['postgres://app:hunter2@db/shop refused', 'postgres://***@db/shop refused'],
    ['DB_PASSWORD=hunter2 PORT=80', 'DB_PASSWORD=*** PORT=80'],
    ['{"api_key": "k-1", "user": "u"}', '{"api_key": ***, "user": "u"}'],
    ["token: 's e c'", 'token: ***'],
    ['x-api-key=abc&page=2', 'x-api-key=***&page=2'],
    ['jwt eyJhbGciOiJIUzI1.eyJzdWIiOiIx.c2ln', 'jwt ***'],
    ['key AKIAABCDEFGHIJKLMNOP', 'key ***'],
    ['-----BEGIN RSA PRIVATE KEY-----MIIE', '***'],
    ['checkout failed: 3 of 5 carts', 'checkout failed: 3 of 5 carts'],
  ])('masks what looks like a credential: %s', (log, tail) => {
    expect(logTail(log)).toBe(tail);
  });

  it('masks before it cuts, so that half a secret is never shown', () => {
    expect(logTail(`password=${'s'.repeat(300)} end`)).toBe('password=*** end');
  });
});
