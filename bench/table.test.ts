// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { renderTable } from './table.ts';

describe('renderTable', () => {
  it('pads every column to its widest cell, and to three at least', () => {
    const rows = [
      ['one', '1', ''],
      ['twenty', '20', ''],
    ];
    expect(renderTable(['what', 'n', ''], rows)).toBe(
      [
        '| what   | n   |     |',
        '| ------ | --- | --- |',
        '| one    | 1   |     |',
        '| twenty | 20  |     |',
      ].join('\n'),
    );
  });

  it.each([[[['a']]], [[['a', 'b', 'c']]]])('refuses rows of another length: %j', (rows) => {
    expect(() => renderTable(['what', 'n'], rows)).toThrow(`a row of ${rows[0]?.length} cells under 2`);
  });
});
