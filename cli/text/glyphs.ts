// SPDX-License-Identifier: Apache-2.0

/** The signs of the views. */
export interface Glyphs {
  readonly done: string;
  readonly current: string;
  readonly next: string;
  /** Somebody's word is waited for. */
  readonly person: string;
  readonly bad: string;
  readonly unknown: string;
  readonly dot: string;
  readonly ring: string;
  readonly forward: string;
  readonly backward: string;
  readonly separator: string;
  readonly none: string;
  readonly warning: string;
  readonly full: string;
  readonly empty: string;
  /** From the lowest to the highest. */
  readonly levels: readonly string[];
}

const UNICODE: Glyphs = {
  done: '✔',
  current: '▶',
  next: '·',
  person: '‖',
  bad: '✖',
  unknown: '?',
  dot: '●',
  ring: '○',
  forward: '─▶',
  backward: '◀─',
  separator: '·',
  none: '–',
  warning: '⚠',
  full: '█',
  empty: '░',
  levels: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
};

const ASCII: Glyphs = {
  done: '+',
  current: '>',
  next: '.',
  person: '|',
  bad: 'x',
  unknown: '?',
  dot: '*',
  ring: 'o',
  forward: '->',
  backward: '<-',
  separator: '|',
  none: '-',
  warning: '!',
  full: '#',
  empty: '.',
  levels: ['_', '.', '-', '=', '*', '#'],
};

/** The signs that a screen can show. */
export function glyphsOf({ hasUnicode }: { readonly hasUnicode: boolean }): Glyphs {
  return hasUnicode ? UNICODE : ASCII;
}
