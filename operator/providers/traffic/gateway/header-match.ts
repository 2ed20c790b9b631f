// SPDX-License-Identifier: Apache-2.0
import type { HeaderMatch, RequestMatch } from '../../../api/match.ts';
import { escapeRegex } from '../regex.ts';
import type { RouteMatch, RouteRule } from './schema.ts';
import { isService, leadsToService, type Sides, weightOf } from '../weights/split.ts';

/**
 * The rule that stands before `rule` and takes those of its requests that `match` chooses: the same in all but its
 * matches, each of which also asks for the headers, and its backends, which are the canary's. The most specific match
 * wins in the Gateway API, and one with a header more is more specific. Undefined where nothing can be chosen.
 */
export function canaryRule(
  rule: RouteRule,
  match: readonly RequestMatch[],
  sides: Sides,
): RouteRule | undefined {
  const refs = rule.backendRefs ?? [];
  if (match.length === 0 || !leadsToService(refs, sides)) return undefined;
  const matches = (rule.matches?.length ? rule.matches : [{}])
    .flatMap((one) => match.map(({ headers }) => withHeaders(one, headers)))
    .filter((one) => one !== undefined);
  if (matches.length === 0) return undefined;
  const { name: _name, ...rest } = rule; // names of rules are unique
  const backendRefs = refs
    .filter((ref) => isService(ref, sides, sides.service) && weightOf(ref) > 0)
    .map((ref) => ({ ...ref, name: sides.canaryService }));
  return { ...rest, matches, backendRefs };
}

/** Undefined for a match that asks something else of one of the headers already: no request fits both. */
function withHeaders(
  one: RouteMatch,
  headers: Readonly<Record<string, HeaderMatch>>,
): RouteMatch | undefined {
  const own = one.headers ?? [];
  const names = new Set(own.map(({ name }) => name.toLowerCase()));
  if (Object.keys(headers).some((name) => names.has(name.toLowerCase()))) return undefined;
  return { ...one, headers: [...own, ...Object.entries(headers).map(headerOf)] };
}

/** The Gateway API has no prefix; the expression says it to those that look for it and to those that match as a whole. */
function headerOf([name, { exact, regex, prefix }]: [string, HeaderMatch]) {
  if (exact !== undefined) return { type: 'Exact', name, value: exact };
  return { type: 'RegularExpression', name, value: regex ?? `^${escapeRegex(prefix ?? '')}.*$` };
}
