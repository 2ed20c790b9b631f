// SPDX-License-Identifier: Apache-2.0
import { prefixOf, widthOf } from './width.ts';

/**
 * A clean text in lines of at most so many columns, broken at spaces; a word that is longer than a line is broken
 * anywhere. At least one column is assumed, and at least one grapheme goes into each line.
 */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((long) => breakWord(long, columns))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= columns) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

function breakWord(word: string, columns: number): string[] {
  const parts: string[] = [];
  let rest = word;
  while (widthOf(rest) > columns) {
    // a wide sign on a screen of one column goes where it does not fit, for it has to go somewhere
    const part = prefixOf(rest, columns) || prefixOf(rest, 2);
    parts.push(part);
    rest = rest.slice(part.length);
  }
  return [...parts, rest];
}
