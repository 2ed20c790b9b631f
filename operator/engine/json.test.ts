// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { readJson } from './json.ts';

describe('readJson', () => {
  it.each([
    ['{"a":[1,null]}', { a: [1, null] }],
    ['"text"', 'text'],
    ['null', null],
    ['', undefined],
    ['{"a":', undefined],
    ['<html>', undefined],
    ['undefined', undefined],
  ])('reads %j', (text, value) => {
    expect(readJson(text)).toEqual(value);
  });

  it('gives a member named __proto__ no power', () => {
    const read = readJson('{"__proto__":{"polluted":true}}') as Record<string, unknown>;
    expect(read['polluted']).toBeUndefined();
    expect(Object.keys(read)).toEqual(['__proto__']);
  });
});
