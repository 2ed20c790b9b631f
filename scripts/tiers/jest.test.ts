// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { fileResults } from './jest.ts';

/** The lines of these that are shown. */
function shown(lines: readonly string[]): string[] {
  return lines.filter(fileResults());
}

describe('fileResults', () => {
  it('shows a file that passed by its line alone', () => {
    expect(shown(['PASS api a.test.ts', '  said on the way', 'PASS api b.test.ts'])).toEqual([
      'PASS api a.test.ts',
      'PASS api b.test.ts',
    ]);
  });

  it('shows what a failed file says, up to the next file', () => {
    expect(shown(['FAIL api a.test.ts', '', '  why', '    at a.ts', 'PASS api b.test.ts', 'later'])).toEqual([
      'FAIL api a.test.ts',
      '  why',
      '    at a.ts',
      'PASS api b.test.ts',
    ]);
  });

  it('shows no more than 30 lines of one', () => {
    const said = Array.from({ length: 100 }, (_, line) => `line ${line}`);
    expect(shown(['FAIL api a.test.ts', ...said])).toHaveLength(31);
  });
});
