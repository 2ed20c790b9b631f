// SPDX-License-Identifier: Apache-2.0

/** Text in lines of at most `width` characters; a longer word has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

/** The same as lines of a YAML comment, the marks included in the width. */
export function comment(text: string, width: number): string[] {
  return wrap(text, width - 2).map((line) => `# ${line}`);
}
