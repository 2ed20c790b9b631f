// SPDX-License-Identifier: Apache-2.0
import { type Cell, textOf } from './cells.ts';

const WIDTH = 8.4;
const HEIGHT = 19;
const MARGIN = 14;
const BASE = 14;
const PAPER = '#0d1117';
const INK = '#d6dde6';
/** The eight colours and their bright ones, as dark themes have them. */
// biome-ignore format: two rows of eight
const PALETTE = [
  '#484f58', '#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf', '#b1bac4',
  '#8b949e', '#ffa198', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#ffffff',
];

interface Run {
  readonly column: number;
  readonly text: string;
  readonly cell: Cell;
}

/** What a terminal shows, drawn: an SVG with the text in it, as wide as the terminal and as high as what stands in it. */
export function pictureOf(rows: readonly (readonly Cell[])[], columns: number, title: string): string {
  const used = rows.slice(0, textOf(rows).split('\n').length);
  const width = Math.ceil(columns * WIDTH + 2 * MARGIN);
  const height = used.length * HEIGHT + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${PAPER}"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${BASE}" fill="${INK}" xml:space="preserve">`,
    ...used.flatMap((row, at) => runsOf(row).map((run) => textElement(run, at))),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** Neighbours that look the same are one run; spaces are not drawn. */
function runsOf(row: readonly Cell[]): Run[] {
  const runs: Run[] = [];
  row.forEach((cell, column) => {
    const last = runs.at(-1);
    if (last && last.cell.colour === cell.colour && last.cell.isBold === cell.isBold) {
      runs[runs.length - 1] = { ...last, text: last.text + cell.text };
    } else runs.push({ column, text: cell.text, cell });
  });
  return runs.filter(({ text }) => text.trim() !== '');
}

function textElement({ column, text, cell: { colour, isBold } }: Run, row: number): string {
  const drawn = text.trimEnd();
  const lead = drawn.length - drawn.trimStart().length;
  const shown = drawn.trimStart();
  const x = (MARGIN + (column + lead) * WIDTH).toFixed(1);
  const y = MARGIN + row * HEIGHT + BASE;
  const fill = colour === undefined ? '' : ` fill="${PALETTE[colour] ?? INK}"`;
  const weight = isBold ? ' font-weight="bold"' : '';
  // The length holds columns together where the font of the reader is another one.
  const length = ` textLength="${(Array.from(shown).length * WIDTH).toFixed(1)}"`;
  return `<text x="${x}" y="${y}"${length}${fill}${weight}>${escape(shown)}</text>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
