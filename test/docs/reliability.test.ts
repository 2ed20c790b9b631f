// SPDX-License-Identifier: Apache-2.0
// No row of docs/reliability.md without a test, and no row of a test that the page does not know.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readPage, root, rowsOf } from './markdown.ts';

const rows = rowsOf(readPage('docs/reliability.md'), '#');

interface Reference {
  readonly path: string;
  /** Part of a title of that file; absent where the file has rows by number, or is about this alone. */
  readonly title: string | undefined;
}

/** A file of tests, or what several of them share; behind it a title. */
const REFERENCE = /`([^`]+\/(?:[^`/]+\.test|test-[^`/]+)\.ts)`(?: "([^"]+)")?/g;

function referencesIn(cell: string): Reference[] {
  return [...cell.matchAll(REFERENCE)].map(([, path = '', title]) => ({
    path,
    title,
  }));
}

function rowsInFaults(): Set<string> {
  const files = globSync('test/faults/*.ts', { cwd: root }).map((path) =>
    readFileSync(join(root, path), 'utf8'),
  );
  return new Set(files.flatMap((text) => [...text.matchAll(/['`](F\d\d)\b/g)].map(([, id = '']) => id)));
}

/** Faults that what exists can meet. F66, targets of notifications, waits for notifications. */
const FAULTS = [
  1, 2, 4, 6, 8, 9, 12, 13, 14, 17, 18, 19, 20, 21, 24, 25, 27, 28, 29, 32, 33, 36, 40, 42, 44, 45,
]
  .concat([46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 57, 58, 59, 60, 61, 62, 63, 64, 65, 67])
  .map((number) => `F${String(number).padStart(2, '0')}`);

describe('docs/reliability.md', () => {
  it('has every fault once', () => {
    expect(rows.map((row) => row.get('#') ?? '').toSorted()).toEqual(FAULTS);
  });

  it('has every row that the tier of faults plays', () => {
    expect([...rowsInFaults()].filter((id) => !FAULTS.includes(id))).toEqual([]);
  });

  it.each(rows.map((row) => [row.get('#') ?? '', row] as const))(
    '%s is shown by tests that exist',
    (id, row) => {
      for (const name of ['Fault', 'What holds', 'What you read']) expect(row.get(name)).toMatch(/^\S.*\.$/);
      const references = referencesIn(row.get('Shown by') ?? '');
      expect(references.length).toBeGreaterThan(0);
      for (const { path, title } of references) {
        const text = readFileSync(join(root, path), 'utf8');
        if (path.startsWith('test/faults/')) expect(playedBy(path, text)).toContain(id);
        else if (title !== undefined) expect(text).toContain(title);
      }
    },
  );
});

/** The rows of a file of the tier; those about metrics stand beside what misbehaves. */
function playedBy(path: string, text: string): string {
  const more = path.includes('metrics')
    ? readFileSync(join(root, 'test/faults/metrics-stand-in.ts'), 'utf8')
    : '';
  return text + more;
}
