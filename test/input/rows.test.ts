// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const lines = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8').split('\n');
const rows = lines.filter((line) => /^\| I\d/.test(line)).map((line) => line.split(' | '));

/** `file` (title), as the last column has them. */
function testsOf(cell: string): { file: string; title: string }[] {
  return [...cell.matchAll(/`([^`]+)` \(([^)]+)\)/g)].map(([, file = '', title = '']) => ({ file, title }));
}

describe('the rows of bad input', () => {
  it.each(rows.map((cells) => [cells[0] ?? '', cells.at(-1) ?? '']))(
    '%s names tests that are there',
    (_, cell) => {
      const tests = testsOf(cell);
      expect(tests).not.toEqual([]);
      const absent = tests.filter(
        ({ file, title }) => !readFileSync(join(root, file), 'utf8').includes(title),
      );
      expect(absent).toEqual([]);
    },
  );

  it('stand in order, each once', () => {
    const ids = rows.map(([id]) => id);
    expect(ids).toEqual([...new Set(ids)].toSorted((a = '', b = '') => a.localeCompare(b)));
  });
});
