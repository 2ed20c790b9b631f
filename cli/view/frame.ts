// SPDX-License-Identifier: Apache-2.0
import type { Screen } from '../command.ts';
import { glyphsOf, type Glyphs } from '../text/glyphs.ts';
import { ellipsisOf, type Line, lineWidth, type Span, type Style } from '../text/line.ts';
import { clean } from '../text/width.ts';
import { wrap } from '../text/wrap.ts';

/** What the sections of a view are laid out by. */
export interface Frame {
  /** Columns of a line. */
  readonly columns: number;
  readonly glyphs: Glyphs;
  readonly ellipsis: string;
  readonly hasUnicode: boolean;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** A sentence on a wider line is read worse, not better. */
const WIDEST = 120;
const LABEL = 8;

export function frameOf(screen: Screen, nowMs: number): Frame {
  return {
    columns: Math.min(screen.columns, WIDEST),
    glyphs: glyphsOf(screen),
    ellipsis: ellipsisOf(screen),
    hasUnicode: screen.hasUnicode,
    nowMs,
  };
}

/** Columns behind the label. */
export function roomOf({ columns }: Frame): number {
  return Math.max(1, columns - LABEL);
}

/** A line with its label; '' for one that goes on. */
export function labelled(label: string, content: Line): Line {
  return [{ text: label.padEnd(LABEL), style: 'faint' }, ...content];
}

/** A sentence behind a label, in as many lines as it takes. */
export function paragraph(frame: Frame, label: string, text: string, style: Style = 'plain'): Line[] {
  const lines = wrap(clean(text, frame.hasUnicode), roomOf(frame));
  return lines.map((line, at) => labelled(at === 0 ? label : '', [{ text: line, style }]));
}

/** As many of the parts as fit, in their order, with something between two of them. */
export function joinFitting(parts: readonly Line[], between: string, columns: number): Span[] {
  const joined: Span[] = [];
  for (const part of parts) {
    const more = joined.length === 0 ? part : [{ text: between }, ...part];
    if (joined.length > 0 && lineWidth(joined) + lineWidth(more) > columns) return joined;
    joined.push(...more);
  }
  return joined;
}

/** All of the parts behind a label, in as many lines as it takes. */
export function wrapParts(frame: Frame, label: string, parts: readonly Line[]): Line[] {
  const lines: Line[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = last && [...last, { text: '   ' }, ...part];
    if (longer && lineWidth(longer) <= roomOf(frame)) lines.splice(-1, 1, longer);
    else lines.push(part);
  }
  return lines.map((line, at) => labelled(at === 0 ? label : '', line));
}
