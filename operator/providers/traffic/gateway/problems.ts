// SPDX-License-Identifier: Apache-2.0
import { Reasons } from '../../../api/reasons.ts';
import { notFound, notServed } from '../absent.ts';
import { listed } from '../weights/listed.ts';
import { resources } from '../../../kube/resources.ts';
import type { RouteProblem } from '../types.ts';
import { foreignSentences, ruleSentences } from '../weights/rule-problems.ts';
import { limitSentences } from './limits.ts';
import { liveRoute } from './live-route.ts';
import type { ParentFacts } from './parents.ts';
import { baseRules, ROUTE_RULES } from './rules.ts';
import type { NamedRoute, RouteRule, UserRoutesTarget } from './schema.ts';

/** Whose CRDs bring the kinds of routes. */
export const GATEWAY_API = 'the Gateway API';

/**
 * The greatest weight that may stand beside another backend in one rule: the Gateway API ends at 1,000,000, and a
 * share of 1 % may need weights a hundred times as great.
 */
const MAX_SHARED_WEIGHT = 10_000;

/** Why a route of the user cannot be split, all reasons at once; empty when it can. */
export function findRouteProblems(
  target: UserRoutesTarget,
  named: NamedRoute,
  parents: ParentFacts | undefined,
): RouteProblem[] {
  const { kind, name, route, isServed } = named;
  const what = `${kind} ${name}`;
  if (!isServed) return [notServed(resourceOf(kind), GATEWAY_API)];
  if (!route || route.deleting) return [notFound(what, target.namespace, route !== undefined)];
  const live = liveRoute(target, named, route);
  const rules = baseRules(route.rules, target, live.memory);
  const instead = insteadOf(target, rules);
  const words = { what, rule: 'rule', instead, maxSharedWeight: MAX_SHARED_WEIGHT };
  const sentences = [
    ...foreignSentences(ROUTE_RULES, live, target, words),
    ...ruleSentences(ROUTE_RULES, rules, target, words),
    ...limitSentences(target, what, rules),
  ];
  return [
    ...sentences.map((message) => ({ reason: Reasons.RouteNotSupported, message })),
    ...parentProblems(live.facts.exists, parents),
  ];
}

/** A reference that does not resolve is a problem before a release; after a write of ours the Gateway may just not know yet. */
function parentProblems(isOurs: boolean, parents: ParentFacts | undefined): RouteProblem[] {
  const message = parents?.refusal ?? (isOurs ? undefined : parents?.unresolved);
  return message === undefined ? [] : [{ reason: Reasons.RouteNotAccepted, message }];
}

function insteadOf({ namespace }: UserRoutesTarget, rules: readonly RouteRule[]): string {
  const refs = rules.flatMap(({ backendRefs }) => backendRefs ?? []);
  return refs.length > 0 ? `they lead to ${listed(refs, namespace)}` : 'they have no backends';
}

function resourceOf(kind: NamedRoute['kind']) {
  return kind === 'HTTPRoute' ? resources.httpRoutes : resources.grpcRoutes;
}
