// SPDX-License-Identifier: Apache-2.0
import type { RequestMatch } from '../../../api/match.ts';
import { baseBackends } from '../weights/base.ts';
import { type Memory, rememberRule } from '../weights/memory.ts';
import type { ListsFacts } from '../weights/patched.ts';
import { hasCanary, leadsToService, shareOf, type Sides, splitBackends } from '../weights/split.ts';
import { canaryRule, isCanaryRule } from './header-match.ts';
import type { RouteRule } from './schema.ts';

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
export function rememberRules(base: readonly RouteRule[], sides: Sides): Memory['rules'] {
  const lists = base.map(({ backendRefs }) => backendRefs ?? []);
  return lists.filter((refs) => leadsToService(refs, sides)).map(rememberRule);
}

export function readRules(rules: readonly RouteRule[], sides: Sides): ListsFacts {
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
