// SPDX-License-Identifier: Apache-2.0
import { eastAsianWidth } from 'get-east-asian-width';

const PRINTABLE_ASCII = /^[ -~]*$/;
const WITHOUT_WIDTH = /^[\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u;
const EMOJI = /^\p{RGI_Emoji}$/v;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns that a text takes on a terminal. It must be clean: a control character has no width. */
export function widthOf(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** Where a terminal draws a flag or a family as several signs this is too little; where it writes text, never. */
function graphemeWidth(segment: string): number {
  if (WITHOUT_WIDTH.test(segment)) return 0;
  if (EMOJI.test(segment)) return 2;
  return eastAsianWidth(segment.codePointAt(0) ?? 0);
}

/** The first graphemes of a text that fit into so many columns. */
export function prefixOf(text: string, columns: number): string {
  if (PRINTABLE_ASCII.test(text)) return text.slice(0, Math.max(0, columns));
  let width = 0;
  let prefix = '';
  for (const { segment } of graphemes.segment(text)) {
    width += graphemeWidth(segment);
    if (width > columns) return prefix;
    prefix += segment;
  }
  return prefix;
}

const LINE_BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
/** Control characters, and those that turn the direction of what follows. */
const UNSEEN = /[\p{Cc}\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069]/gu;

const IN_ASCII: readonly (readonly [RegExp, string])[] = [
  [/…/g, '...'],
  [/[–—]/g, '-'],
  [/≥/g, '>='],
  [/≤/g, '<='],
  // oxlint-disable-next-line no-control-regex -- all that is not ASCII
  [/[^\u0000-\u007F]/gu, '?'],
];

/**
 * One line of text that cannot steer a terminal, whoever wrote it: an answer of a pod may hold anything. Without
 * `hasUnicode` what ASCII does not have is a question mark.
 */
export function clean(text: string, hasUnicode: boolean): string {
  if (PRINTABLE_ASCII.test(text)) return text;
  const line = text.toWellFormed().replace(LINE_BREAKS, ' ').replace(UNSEEN, '');
  if (hasUnicode) return line;
  return IN_ASCII.reduce((done, [pattern, ascii]) => done.replace(pattern, ascii), line);
}

/** A value of JSON with all of its texts cleaned. */
export function cleanAll<T>(value: T, hasUnicode: boolean): T {
  if (typeof value === 'string') return clean(value, hasUnicode) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => cleanAll(item, hasUnicode)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    clean(key, hasUnicode),
    cleanAll<unknown>(inner, hasUnicode),
  ]);
  return Object.fromEntries(entries) as T;
}
