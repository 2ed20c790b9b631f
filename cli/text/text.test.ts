// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cutLine, cutText, lineOf, lineWidth, padLine, printLine } from './line.ts';
import { layTable } from './table.ts';
import { clean, cleanAll, prefixOf, widthOf } from './width.ts';
import { wrap } from './wrap.ts';

const SCREEN = { isTerminal: true, columns: 20, hasColor: false, hasUnicode: true };

describe('the width of a text', () => {
  it.each([
    ['', 0],
    ['checkout', 8],
    ['é', 1],
    ['e\u0301', 1],
    ['错误', 4],
    ['エラー', 6],
    ['ｱ', 1],
    ['한국어', 6],
    ['Ａ', 2],
    ['✔ ▶ ●', 5],
    ['─▶', 2],
    ['▁▂▃', 3],
    ['🚀', 2],
    ['👩‍👩‍👧‍👦', 2],
    ['🇩🇪', 2],
    ['1️⃣', 2],
    ['a\u200Bb', 2],
    ['100%', 4],
  ])('%j takes %i columns', (text, width) => expect(widthOf(text)).toBe(width));

  it.each([
    ['checkout', 3, 'che'],
    ['checkout', 0, ''],
    ['checkout', -1, ''],
    ['错误', 3, '错'],
    ['e\u0301e\u0301', 1, 'e\u0301'],
    ['👩‍👩‍👧‍👦x', 2, '👩‍👩‍👧‍👦'],
    ['👩‍👩‍👧‍👦x', 1, ''],
  ])('of %j %i columns hold %j', (text, columns, prefix) => expect(prefixOf(text, columns)).toBe(prefix));
});

describe('a clean text', () => {
  it.each([
    ['plain', true, 'plain'],
    ['two\nlines\tand\r\nmore', true, 'two lines and more'],
    ['\u001b[2J\u001b[31mred', true, '[2J[31mred'],
    ['\u009b2J', true, '2J'],
    ['bell\u0007', true, 'bell'],
    ['a\u202eb\u2066c', true, 'abc'],
    ['alone \ud800', true, 'alone \ufffd'],
    ['错误', true, '错误'],
    ['错误', false, '??'],
    ['12… ≥ 3 – 4 ≤ 5', false, '12... >= 3 - 4 <= 5'],
  ])('%j with unicode %s is %j', (text, hasUnicode, cleaned) => {
    expect(clean(text, hasUnicode)).toBe(cleaned);
  });

  it('is all that is left of a value, keys too', () => {
    const value = { 'a\n': ['b\u0007', { c: 1, d: null, e: true, f: undefined }] };
    expect(cleanAll(value, true)).toEqual({ 'a ': ['b', { c: 1, d: null, e: true, f: undefined }] });
  });
});

describe('a line', () => {
  it.each([
    ['checkout', 8, 'checkout'],
    ['checkout', 7, 'checko…'],
    ['checkout', 1, '…'],
    ['checkout', 0, ''],
    ['错误率', 5, '错误…'],
    ['错误率', 4, '错…'],
  ])('%j in %i columns is %j', (text, columns, cut) => expect(cutText(text, columns, '…')).toBe(cut));

  it('of several parts is cut in the part that does not fit', () => {
    const line = [{ text: 'abc' }, { text: 'def', style: 'bad' as const }, { text: 'ghi' }];
    expect(cutLine(line, 5, '…').map(({ text }) => text)).toEqual(['abc', 'd…']);
    expect(cutLine(line, 4, '...').map(({ text }) => text)).toEqual(['a...']);
  });

  it('is padded on either side', () => {
    expect(padLine(lineOf('ab'), 4)).toEqual([{ text: 'ab', style: 'plain' }, { text: '  ' }]);
    expect(padLine(lineOf('ab'), 4, 'right')[0]).toEqual({ text: '  ' });
    expect(lineWidth(padLine(lineOf('long'), 2))).toBe(4);
  });

  it('is printed without spaces at its end, and with colours only where there are some', () => {
    const line = [{ text: 'ok', style: 'good' as const }, { text: '  ' }];
    expect(printLine(line, SCREEN)).toBe('ok');
    expect(printLine(line, { ...SCREEN, hasColor: true })).toBe('\u001b[32mok\u001b[39m');
    expect(printLine([], { ...SCREEN, hasColor: true })).toBe('');
  });
});

describe('a wrapped text', () => {
  it.each([
    ['one two three', 7, ['one two', 'three']],
    ['one two three', 80, ['one two three']],
    ['abcdefgh', 3, ['abc', 'def', 'gh']],
    ['a abcdefgh b', 3, ['a', 'abc', 'def', 'gh', 'b']],
    ['错误率太高', 4, ['错误', '率太', '高']],
    ['错误', 1, ['错', '误']],
    ['', 5, ['']],
  ])('%j in %i columns', (text, columns, lines) => expect(wrap(text, columns)).toEqual(lines));

  it('loses no word', () => {
    fc.assert(
      fc.property(fc.lorem({ maxCount: 30 }), fc.integer({ min: 2, max: 40 }), (text, columns) => {
        const lines = wrap(text, columns);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
      }),
    );
  });
});

describe('a table', () => {
  const columns = [
    { title: 'NAME', least: 4 },
    { title: 'N', align: 'right' as const },
    { title: 'WHY', least: 3 },
  ];
  const rows = [
    [lineOf('canary/checkout'), lineOf('5'), lineOf('because it is so')],
    [lineOf('错误'), lineOf('100'), lineOf('no')],
  ];
  const laid = (width?: number) =>
    layTable(columns, rows, { width, ellipsis: '…' }).map((line) =>
      line
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    );

  it('is as wide as its cells', () => {
    expect(laid()).toEqual([
      'NAME               N  WHY',
      'canary/checkout    5  because it is so',
      '错误             100  no',
    ]);
  });

  it('takes from the widest columns first', () => {
    expect(laid(26)).toEqual(['NAME          N  WHY', 'canary/ch…    5  because …', '错误        100  no']);
  });

  it('keeps the least of each column', () => {
    expect(laid(5)[1]).toBe('can…    5  be…');
  });
});
