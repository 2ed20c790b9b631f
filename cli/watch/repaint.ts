// SPDX-License-Identifier: Apache-2.0

const ESCAPE = '\u001b[';

/** Another screen than that of the shell, without a cursor and without lines that wrap. */
export const ENTER_SCREEN = `${ESCAPE}?1049h${ESCAPE}?25l${ESCAPE}?7l${ESCAPE}2J`;

/** Back to the screen of the shell, as it was. */
export const LEAVE_SCREEN = `${ESCAPE}?7h${ESCAPE}?25h${ESCAPE}?1049l`;

/**
 * What turns the lines that a screen shows into other ones: only lines that differ are written, each at its place. A
 * screen that shows nothing known is written anew, with `before` undefined.
 */
export function repaint(before: readonly string[] | undefined, after: readonly string[]): string {
  if (before === undefined) return `${ESCAPE}2J${after.map((line, at) => lineAt(at, line)).join('')}`;
  const changed = after.flatMap((line, at) => (line === before[at] ? [] : [lineAt(at, line)]));
  const surplus = before.slice(after.length).map((_, at) => lineAt(after.length + at, ''));
  return [...changed, ...surplus].join('');
}

/** Writes the line and clears what is left behind it. */
function lineAt(at: number, line: string): string {
  return `${ESCAPE}${at + 1};1H${line}${ESCAPE}0m${ESCAPE}K`;
}
