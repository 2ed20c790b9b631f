// SPDX-License-Identifier: Apache-2.0
import { type Region, regionsOf } from './promql-regions.ts';

/** Values of placeholders by name, `args.NAME` for arguments; undefined: known, but without a value here. */
export type PlaceholderValues = ReadonlyMap<string, string | undefined>;

export type Rendering =
  | { readonly kind: 'rendered'; readonly text: string }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
const NUMBER = /^[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;
/** https://prometheus.io/docs/prometheus/latest/querying/basics/#float-literals-and-time-durations */
const PROMQL_DURATION = /^(?=[0-9])([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$/;
/** What would melt together with a number beside it. */
const MELTS_BEFORE = /([A-Za-z0-9_.]|[0-9.][eE][+-]|\}\}|(^|\])[^[]*:)$/;
const MELTS_AFTER = /^([A-Za-z0-9_.]|\{\{)/;
/** https://github.com/google/re2/wiki/Syntax, as regexp.QuoteMeta of Go has them. */
const REGEX_META = /[\\.+*?()|[\]{}^$]/g;

/**
 * Fills the placeholders {{name}} and {{args.NAME}} of a PromQL query so that no value can change how the
 * query is read: inside "..." and '...' a value is escaped for the literal (and before that for the regular
 * expression, on the right of =~ and !~), elsewhere only a number or a PromQL duration is accepted, inside
 * `...`, which knows no escapes, none. Comments stay as they are. Every problem is found, not only the first.
 */
export function renderQuery(query: string, values: PlaceholderValues): Rendering {
  const problems = new Set<string>();
  const texts = regionsOf(query).map((region) => {
    if (!region.isClosed) problems.add(`a ${region.text.charAt(0)} is never closed`);
    return region.kind === 'comment' ? region.text : fillRegion(region, values, problems);
  });
  if (problems.size > 0) return { kind: 'invalid', problems: [...problems] };
  return { kind: 'rendered', text: texts.join('') };
}

function fillRegion(region: Region, values: PlaceholderValues, problems: Set<string>): string {
  return region.text.replace(PLACEHOLDER, (placeholder: string, inner: string, offset: number) => {
    const name = inner.trim();
    const value = values.get(name);
    if (value === undefined) {
      problems.add(values.has(name) ? `${placeholder} has no value here` : unknownName(placeholder, values));
      return placeholder;
    }
    const before = region.text.slice(0, offset);
    const after = region.text.slice(offset + placeholder.length);
    const problem =
      placeProblem(region, placeholder, { before, after }) ?? codeProblem(region, placeholder, value);
    if (problem === undefined) return region.kind === 'code' ? value : escapeFor(region, value);
    problems.add(problem);
    return placeholder;
  });
}

function unknownName(placeholder: string, values: PlaceholderValues): string {
  return `unknown placeholder ${placeholder}; known: ${[...values.keys()].sort().join(', ')}`;
}

interface Surroundings {
  readonly before: string;
  readonly after: string;
}

function placeProblem(
  region: Region,
  placeholder: string,
  { before, after }: Surroundings,
): string | undefined {
  if (region.kind === 'backtick')
    return `${placeholder} stands inside backticks, where nothing can be escaped; use "..." instead`;
  if (region.kind === 'quoted' && /(^|[^\\])(\\\\)*\\$/.test(before))
    return `${placeholder} stands right after a backslash, which would take its first character`;
  if (region.kind === 'code' && (MELTS_BEFORE.test(before) || MELTS_AFTER.test(after)))
    return `${placeholder} touches a name, a number or another placeholder; put it apart or into quotes`;
  return undefined;
}

function codeProblem(region: Region, placeholder: string, value: string): string | undefined {
  if (region.kind !== 'code' || NUMBER.test(value) || PROMQL_DURATION.test(value)) return undefined;
  return `${placeholder} stands outside of quotes, where only a number without a sign or a duration is accepted, not ${JSON.stringify(value)}`;
}

function escapeFor(region: Region, value: string): string {
  const content = region.isRegex ? value.replace(REGEX_META, '\\$&') : value;
  return quotedContent(content, region.quote ?? '"');
}

/** A PromQL string literal of exactly this value. */
export function quoteLiteral(value: string): string {
  return `"${quotedContent(value, '"')}"`;
}

/** A PromQL string literal of a regular expression that matches exactly these values. */
export function quoteAlternatives(values: readonly string[]): string {
  return quoteLiteral(values.map((value) => value.replace(REGEX_META, '\\$&')).join('|'));
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\',
};

/** Escapes of Go's string literals, which PromQL shares. */
function quotedContent(value: string, quote: string): string {
  let text = '';
  for (const char of value) {
    const named = NAMED_ESCAPES[char];
    if (named !== undefined) text += named;
    else if (char === quote) text += `\\${char}`;
    else if (char < ' ' || char === '\u007f')
      text += `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
    else text += char;
  }
  return text.toWellFormed();
}
