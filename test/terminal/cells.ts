// SPDX-License-Identifier: Apache-2.0
import type { IBuffer } from '@xterm/headless';

/** One place of a screen. The second half of a wide character is no cell of its own. */
export interface Cell {
  readonly text: string;
  readonly isBold: boolean;
  /** 0 to 15 of the palette; undefined: the terminal's own. */
  readonly colour: number | undefined;
}

/** The rows that a screen shows now. */
export function cellsOf(buffer: IBuffer, { rows, cols }: { rows: number; cols: number }): Cell[][] {
  return Array.from({ length: rows }, (_, row) => {
    const line = buffer.getLine(buffer.viewportY + row);
    return Array.from({ length: cols }, (_, column): Cell[] => {
      const cell = line?.getCell(column);
      if (!cell || cell.getWidth() === 0) return [];
      const colour = cell.isFgPalette() ? cell.getFgColor() : undefined;
      return [{ text: cell.getChars() || ' ', isBold: cell.isBold() !== 0, colour }];
    }).flat();
  });
}

/** The rows as text, without spaces at their ends and without empty rows at the end. */
export function textOf(rows: readonly (readonly Cell[])[]): string {
  const lines = rows.map((row) =>
    row
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1).join('\n');
}
