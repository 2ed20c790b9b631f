// SPDX-License-Identifier: Apache-2.0
import { styleText } from 'node:util';
import type { Screen } from '../command.ts';
import { clean, prefixOf, widthOf } from './width.ts';

/** What a part of a line means; the colour follows from it. */
export type Style = 'plain' | 'strong' | 'faint' | 'good' | 'bad' | 'warn' | 'busy';

export interface Span {
  readonly text: string;
  readonly style?: Style | undefined;
}

/** One line of a screen. */
export type Line = readonly Span[];

type Colours = Parameters<typeof styleText>[0];

const COLOURS: Readonly<Record<Exclude<Style, 'plain'>, Colours>> = {
  strong: 'bold',
  faint: 'gray',
  good: 'green',
  bad: 'red',
  warn: 'yellow',
  busy: 'cyan',
};

/** A line of one part. */
export function lineOf(text: string, style: Style = 'plain'): Line {
  return [{ text, style }];
}

/** Columns that a clean line takes. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + widthOf(text), 0);
}

/** The ellipsis of a screen. */
export function ellipsisOf({ hasUnicode }: Pick<Screen, 'hasUnicode'>): string {
  return hasUnicode ? '…' : '...';
}

/** The line in at most so many columns; what does not fit ends in an ellipsis. */
export function cutLine(line: Line, columns: number, ellipsis: string): Line {
  if (lineWidth(line) <= columns) return line;
  const dots = prefixOf(ellipsis, columns);
  let room = columns - widthOf(dots);
  const kept: Span[] = [];
  for (const span of line) {
    const text = prefixOf(span.text, room);
    kept.push({ ...span, text: text === span.text ? text : text + dots });
    if (text !== span.text) return kept;
    room -= widthOf(text);
  }
  return kept;
}

/** A text in at most so many columns. */
export function cutText(text: string, columns: number, ellipsis: string): string {
  return cutLine(lineOf(text), columns, ellipsis)
    .map((span) => span.text)
    .join('');
}

/** The line with as many spaces behind or before it as it takes to fill so many columns. */
export function padLine(line: Line, columns: number, align: 'left' | 'right' = 'left'): Line {
  const space = { text: ' '.repeat(Math.max(0, columns - lineWidth(line))) };
  return align === 'left' ? [...line, space] : [space, ...line];
}

/** The parts of a line without what cannot or must not be shown. */
export function cleanLine(line: Line, hasUnicode: boolean): Line {
  return line.map((span) => ({ ...span, text: clean(span.text, hasUnicode) }));
}

/** A line as it is written: no wider than the screen, and without spaces at its end. */
export function printLine(line: Line, screen: Screen): string {
  const fitting = cutLine(cleanLine(line, screen.hasUnicode), screen.columns, ellipsisOf(screen));
  const last = fitting.findLastIndex(({ text }) => text.trimEnd() !== '');
  return fitting
    .slice(0, last + 1)
    .map((span, index) => (index === last ? { ...span, text: span.text.trimEnd() } : span))
    .map((span) => paint(span, screen.hasColor))
    .join('');
}

function paint({ text, style = 'plain' }: Span, hasColor: boolean): string {
  if (!hasColor || style === 'plain' || text === '') return text;
  return styleText(COLOURS[style], text, { validateStream: false });
}
