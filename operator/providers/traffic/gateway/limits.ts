// SPDX-License-Identifier: Apache-2.0
import { canaryRule } from './header-match.ts';
import type { RouteRule } from './schema.ts';
import { leadsToService, type Sides, splitBackends } from '../weights/split.ts';
import type { RequestMatch } from '../../../api/match.ts';

/** Bounds of gateway.networking.k8s.io/v1, HTTPRoute and GRPCRoute alike. */
const MAX_RULES = 16;
const MAX_MATCHES = 64;
const MAX_MATCHES_OF_ALL = 128;
const MAX_HEADERS = 16;
const MAX_BACKENDS = 16;

interface Split extends Sides {
  readonly match: readonly RequestMatch[];
}

/** What the API server would refuse once the canary is in a route, one sentence each; `rules` are those of the user. */
export function limitSentences(split: Split, what: string, rules: readonly RouteRule[]): string[] {
  return [
    ...backendSentences(split, what, rules),
    ...matchSentences(split, what, rules),
    ...prefixSentences(split, what, rules),
  ];
}

function tooMany(
  subject: string,
  found: number,
  { most, things }: { most: number; things: string },
): string[] {
  return found > most ? [`${subject} would have ${found} ${things}; the Gateway API allows ${most}`] : [];
}

function backendSentences(split: Split, what: string, rules: readonly RouteRule[]): string[] {
  return rules.flatMap(({ backendRefs }, i) => {
    // one weight is as good as another: each backend of the Service gets a canary beside it
    const { length } = splitBackends(backendRefs ?? [], split, 1);
    const subject = `with Service ${split.canaryService} rule ${i + 1} of ${what}`;
    return tooMany(subject, length, { most: MAX_BACKENDS, things: 'backends' });
  });
}

function matchSentences({ match, ...sides }: Split, what: string, rules: readonly RouteRule[]): string[] {
  const made = rules.map((rule) => canaryRule(rule, match, sides)).filter((rule) => rule !== undefined);
  if (made.length === 0) return [];
  const countOf = (rule: RouteRule) => rule.matches?.length ?? 0;
  const inAll = [...rules, ...made].reduce((sum, rule) => sum + countOf(rule), 0);
  const headers = made.flatMap(({ matches }) => (matches ?? []).map((one) => one.headers?.length ?? 0));
  const subject = `with match ${what}`;
  return [
    ...tooMany(subject, rules.length + made.length, { most: MAX_RULES, things: 'rules' }),
    ...tooMany(subject, Math.max(...made.map(countOf)), { most: MAX_MATCHES, things: 'matches in a rule' }),
    ...tooMany(subject, inAll, { most: MAX_MATCHES_OF_ALL, things: 'matches in all' }),
    ...tooMany(subject, Math.max(0, ...headers), { most: MAX_HEADERS, things: 'headers in a match' }),
  ];
}

/** A rule that replaces the prefix of a path has exactly one match (HTTPRoute, rules over spec.rules[]). */
function prefixSentences({ match, ...sides }: Split, what: string, rules: readonly RouteRule[]): string[] {
  if (match.length < 2) return [];
  return rules.flatMap((rule, i) =>
    leadsToService(rule.backendRefs ?? [], sides) && replacesPrefix(rule)
      ? [
          `rule ${i + 1} of ${what} replaces the prefix of the path, so the Gateway API allows one match in it; let match have one entry`,
        ]
      : [],
  );
}

/** Wherever the filter stands, at the rule or at a backend. */
function replacesPrefix({ filters, backendRefs }: RouteRule): boolean {
  return JSON.stringify([filters, backendRefs]).includes('"replacePrefixMatch":');
}
