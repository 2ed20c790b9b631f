// SPDX-License-Identifier: Apache-2.0

/** A stretch of a PromQL text that is read by one set of rules. */
export interface Region {
  readonly kind: 'code' | 'quoted' | 'backtick' | 'comment';
  /** The text itself; of a literal, with its quotes. */
  readonly text: string;
  /** Set for a quoted literal. */
  readonly quote?: '"' | "'";
  /** A literal on the right of =~ or !~: its content is a regular expression. */
  readonly isRegex: boolean;
  /** false: a literal whose closing quote is missing. */
  readonly isClosed: boolean;
}

/**
 * Cuts a query into code, literals and comments, by the lexer of Prometheus (promql/parser/lex.go): "..." and
 * '...' with backslash escapes, `...` without, comments from # to the end of the line. The texts of the
 * regions in order are the query.
 */
export function regionsOf(query: string): Region[] {
  const regions: Region[] = [];
  let codeBefore = '';
  for (let at = 0; at < query.length; ) {
    const region = regionAt(query, at, /[=!]~\s*$/.test(codeBefore));
    regions.push(region);
    at += region.text.length;
    if (region.kind === 'code') codeBefore += region.text;
    else if (region.kind !== 'comment') codeBefore = '';
  }
  return regions;
}

function regionAt(query: string, start: number, isRegex: boolean): Region {
  const first = query.charAt(start);
  if (first === '#') {
    const end = indexOrEnd(query, '\n', start);
    return { kind: 'comment', text: query.slice(start, end), isRegex: false, isClosed: true };
  }
  if (first === '`') {
    const end = query.indexOf('`', start + 1);
    const text = end < 0 ? query.slice(start) : query.slice(start, end + 1);
    return { kind: 'backtick', text, isRegex, isClosed: end >= 0 };
  }
  if (first === '"' || first === "'") {
    const end = closingQuote(query, start, first);
    const text = end < 0 ? query.slice(start) : query.slice(start, end + 1);
    return { kind: 'quoted', text, quote: first, isRegex, isClosed: end >= 0 };
  }
  const length = query.slice(start).search(/["'`#]/);
  const end = length < 0 ? query.length : start + length;
  return { kind: 'code', text: query.slice(start, end), isRegex: false, isClosed: true };
}

function closingQuote(query: string, start: number, quote: string): number {
  for (let at = start + 1; at < query.length; at += 1) {
    const char = query.charAt(at);
    if (char === '\\') at += 1;
    else if (char === quote) return at;
  }
  return -1;
}

function indexOrEnd(text: string, char: string, from: number): number {
  const found = text.indexOf(char, from);
  return found < 0 ? text.length : found;
}
