// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { regionsOf } from './promql-regions.ts';

function kindsOf(query: string): string[] {
  return regionsOf(query).map(({ kind, text, isRegex, isClosed }) =>
    [kind, text, isRegex ? 'regex' : '', isClosed ? '' : 'open'].filter((word) => word !== '').join(' '),
  );
}

describe('regionsOf', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['up', ['code up']],
    ['up{a="b"}', ['code up{a=', 'quoted "b"', 'code }']],
    ["up{a='b'}", ['code up{a=', "quoted 'b'", 'code }']],
    ['up{a=`b\\`}', ['code up{a=', 'backtick `b\\`', 'code }']],
    ['up{a="\\"}"}', ['code up{a=', 'quoted "\\"}"', 'code }']],
    ['up{a="\\\\"}', ['code up{a=', 'quoted "\\\\"', 'code }']],
    ['up{a="it\'s"}', ['code up{a=', 'quoted "it\'s"', 'code }']],
    ['up{a=~"b"}', ['code up{a=~', 'quoted "b" regex', 'code }']],
    ['up{a!~ `b`}', ['code up{a!~ ', 'backtick `b` regex', 'code }']],
    ['up{a=~"b",c="d"}', ['code up{a=~', 'quoted "b" regex', 'code ,c=', 'quoted "d"', 'code }']],
    ['up{a=~ # why\n "b"}', ['code up{a=~ ', 'comment # why', 'code \n ', 'quoted "b" regex', 'code }']],
    ['up # "not a literal"', ['code up ', 'comment # "not a literal"']],
    ['up{a="#b"}', ['code up{a=', 'quoted "#b"', 'code }']],
    ['up{a="b}', ['code up{a=', 'quoted "b} open']],
    ['up{a="b\\', ['code up{a=', 'quoted "b\\ open']],
    ['up{a=`b', ['code up{a=', 'backtick `b open']],
  ])('reads %j', (query, kinds) => {
    expect(kindsOf(query)).toEqual(kinds);
  });

  it('loses and adds nothing', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '"', "'", '`', '\\', '#', '\n', '=', '~', ' ', '{'),
    });
    fc.assert(
      fc.property(text, (query) => {
        const regions = regionsOf(query);
        expect(regions.map((region) => region.text).join('')).toBe(query);
        expect(regions.every((region) => region.text !== '')).toBe(true);
      }),
    );
  });
});
