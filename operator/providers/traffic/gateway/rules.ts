// SPDX-License-Identifier: Apache-2.0
import type { RequestMatch } from '../../../api/match.ts';
import type { Memory } from '../weights/memory.ts';
import type { ListsFacts } from '../weights/patched.ts';
import * as weighted from '../weights/rules.ts';
import type { Sides } from '../weights/split.ts';
import { canaryRule } from './header-match.ts';
import type { RouteRule } from './schema.ts';

/** How HTTPRoutes and GRPCRoutes say their rules. */
export const ROUTE_RULES: weighted.RuleKind<RouteRule> = {
  path: '/spec/rules',
  field: 'backendRefs',
  refsOf: ({ backendRefs }) => backendRefs ?? [],
  withRefs: (rule, refs) => ({ ...rule, backendRefs: [...refs] }),
  canaryRule,
};

/** What is written into a route of the user. */
export const routeEditor = weighted.ruleEditor(ROUTE_RULES);

/** The rules as the user wrote them: without the canary, and with the weights that there were before it came. */
export function baseRules(
  rules: readonly RouteRule[],
  sides: Sides,
  memory: Memory | undefined,
): RouteRule[] {
  return weighted.baseRules(ROUTE_RULES, rules, sides, memory);
}

/** The rules with `weight` percent for the canary, and with rules in front for what `match` chooses. */
export function splitRules(
  base: readonly RouteRule[],
  sides: Sides,
  split: { weight: number; match: readonly RequestMatch[] },
): RouteRule[] {
  return weighted.splitRules(ROUTE_RULES, base, sides, split);
}

export function readRules(rules: readonly RouteRule[], sides: Sides): ListsFacts {
  return weighted.readRules(ROUTE_RULES, rules, sides);
}
