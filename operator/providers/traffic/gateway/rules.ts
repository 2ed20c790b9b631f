// SPDX-License-Identifier: Apache-2.0
import type { RequestMatch } from '../../../api/match.ts';
import { canonicalJson } from '../../../engine/names.ts';
import { canaryRule, isCanaryRule } from './header-match.ts';
import { type Memory, recallRule, rememberRule } from './memory.ts';
import type { BackendRef, RouteRule } from './schema.ts';
import { hasCanary, leadsToService, shareOf, type Sides, splitBackends, withoutCanary } from './split.ts';

/** The rules as the user wrote them: without the canary, and with the weights that there were before it came. */
export function baseRules(
  rules: readonly RouteRule[],
  sides: Sides,
  memory: Memory | undefined,
): RouteRule[] {
  let place = 0;
  return rules
    .filter((rule) => !isCanaryRule(rule, sides))
    .map((rule) => {
      const refs = rule.backendRefs ?? [];
      if (!hasCanary(refs, sides)) return rule;
      return { ...rule, backendRefs: baseBackends(refs, sides, { memory, place: place++ }) };
    });
}

/** Weights that nobody has changed since are put back; changed ones are kept as a whole. */
function baseBackends(
  refs: readonly BackendRef[],
  sides: Sides,
  { memory, place }: { memory: Memory | undefined; place: number },
): BackendRef[] {
  const summed = withoutCanary(refs, sides);
  const share = shareOf(refs, sides);
  const remembered = memory?.rules ?? [];
  const ranked = [...remembered.slice(place, place + 1), ...remembered];
  for (const entry of ranked) {
    const base = recallRule(summed, entry);
    if (base && canonicalJson(splitBackends(base, sides, share)) === canonicalJson(refs)) return base;
  }
  return summed;
}

/** The rules with `weight` percent for the canary, and with rules in front for what `match` chooses. */
export function splitRules(
  base: readonly RouteRule[],
  sides: Sides,
  { weight, match }: { weight: number; match: readonly RequestMatch[] },
): RouteRule[] {
  return base.flatMap((rule) => {
    const refs = rule.backendRefs ?? [];
    if (!leadsToService(refs, sides)) return [rule];
    const chosen = canaryRule(rule, match, sides);
    return [...(chosen ? [chosen] : []), { ...rule, backendRefs: splitBackends(refs, sides, weight) }];
  });
}

/** What has to be remembered to come back to these rules. */
export function rememberRules(
  base: readonly RouteRule[],
  sides: Sides,
  { weight, matched }: { weight: number; matched: boolean },
): Memory {
  const rules = base
    .map(({ backendRefs }) => backendRefs ?? [])
    .filter((refs) => leadsToService(refs, sides));
  return { weight, matched, rules: rules.map(rememberRule) };
}

/** What the rules say now of the two Services. */
export interface RulesFacts {
  /** The canary is named. */
  readonly exists: boolean;
  /** The greatest share of the canary in any rule. */
  readonly weight: number;
  readonly matched: boolean;
  /** The share in each rule that leads to the Service or, beside it, to the canary. */
  readonly shares: readonly number[];
}

export function readRules(rules: readonly RouteRule[], sides: Sides): RulesFacts {
  const split = rules
    .filter((rule) => !isCanaryRule(rule, sides))
    .map(({ backendRefs }) => backendRefs ?? []);
  const relevant = split.filter((refs) => leadsToService(refs, sides) || hasCanary(refs, sides));
  const shares = relevant.map((refs) => shareOf(refs, sides));
  return {
    exists: rules.some(({ backendRefs }) => hasCanary(backendRefs ?? [], sides)),
    weight: Math.max(0, ...shares),
    matched: rules.some((rule) => isCanaryRule(rule, sides)),
    shares,
  };
}
