// SPDX-License-Identifier: Apache-2.0
import { cutLine, type Line, lineOf, lineWidth, padLine } from './line.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right' | undefined;
  /** May be cut to so many columns where the table is too wide; absent: it is never cut. */
  readonly least?: number | undefined;
}

export interface TableOptions {
  /** Absent: as wide as it needs. */
  readonly width?: number | undefined;
  readonly ellipsis: string;
  /** Spaces between two columns. Default 2. */
  readonly gap?: number | undefined;
}

/**
 * A title line and a line for each row, as wide as the widest cells. Where that is too wide the widest columns that may
 * be cut are, first; what is too wide still is cut by whoever prints it.
 */
export function layTable(
  columns: readonly Column[],
  rows: readonly (readonly Line[])[],
  { width, ellipsis, gap = 2 }: TableOptions,
): Line[] {
  const titles = columns.map(({ title }) => lineOf(title, 'faint'));
  const all = [titles, ...rows];
  const natural = columns.map((_, at) => Math.max(...all.map((row) => lineWidth(row[at] ?? []))));
  const widths = width === undefined ? natural : shrink(columns, natural, width - gap * (columns.length - 1));
  const between = { text: ' '.repeat(gap) };
  return all.map((row) =>
    columns.flatMap(({ align }, at) => {
      const cell = cutLine(row[at] ?? [], widths[at] ?? 0, ellipsis);
      return [...(at === 0 ? [] : [between]), ...padLine(cell, widths[at] ?? 0, align)];
    }),
  );
}

/** Takes from the widest column that has something to give, one after the other. */
function shrink(columns: readonly Column[], natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  let surplus = widths.reduce((sum, width) => sum + width, 0) - room;
  while (surplus > 0) {
    const slack = widths.map((width, at) => width - (columns[at]?.least ?? width));
    const widest = Math.max(...slack);
    if (widest <= 0) return widths;
    const at = slack.indexOf(widest);
    widths[at] = (widths[at] ?? 0) - 1;
    surplus -= 1;
  }
  return widths;
}
