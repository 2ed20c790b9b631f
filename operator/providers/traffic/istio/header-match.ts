// SPDX-License-Identifier: Apache-2.0
import type { HeaderMatch, RequestMatch } from '../../../api/match.ts';
import type { HttpMatch, HttpRoute } from './schema.ts';

/** Istio leaves these out of a match of headers, so that such a match would take every request (HTTPMatchRequest). */
const IGNORED_HEADERS: ReadonlySet<string> = new Set(['uri', 'scheme', 'method', 'authority']);

/** Names of headers in `match` that Istio would pass by. */
export function ignoredHeaders(match: readonly RequestMatch[]): string[] {
  const names = match.flatMap(({ headers }) => Object.keys(headers));
  return [...new Set(names)].filter((name) => IGNORED_HEADERS.has(name.toLowerCase()));
}

/**
 * The matches of an http route, each of which also asks for the headers of `match`: what takes them has to stand before
 * the route, as the first one that matches wins in Istio. Empty where nothing can be chosen.
 */
export function matchesFor({ match: own }: HttpRoute, match: readonly RequestMatch[]): HttpMatch[] {
  if (ignoredHeaders(match).length > 0) return [];
  return (own?.length ? own : [{}])
    .flatMap((one) => match.map(({ headers }) => withHeaders(one, headers)))
    .filter((one) => one !== undefined);
}

/** Undefined for a match that asks something else of one of the headers already: no request fits both. */
function withHeaders(one: HttpMatch, headers: Readonly<Record<string, HeaderMatch>>): HttpMatch | undefined {
  const own = one.headers ?? {};
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  // Istio wants them in lower case
  const added = Object.entries(headers).map(([name, test]) => [name.toLowerCase(), test] as const);
  if (added.some(([name]) => names.has(name))) return undefined;
  return { ...one, headers: { ...own, ...Object.fromEntries(added) } };
}
