// SPDX-License-Identifier: Apache-2.0
import { FIELD_MANAGER } from '../../../api/group.ts';
import { Reasons } from '../../../api/reasons.ts';
import { notFound, notServed } from '../absent.ts';
import { listed } from '../weights/listed.ts';
import { resources } from '../../../kube/resources.ts';
import type { RouteProblem } from '../types.ts';
import { limitSentences } from './limits.ts';
import { beforeAnnotation } from '../weights/note.ts';
import { readMemory } from '../weights/memory.ts';
import type { ParentFacts } from './parents.ts';
import { baseRules } from './rules.ts';
import { type NamedRoute, type RouteRule, type RouteSnapshot, type UserRoutesTarget } from './schema.ts';
import { hasCanary, isService, isShared, leadsToService, weightOf } from '../weights/split.ts';

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
  { kind, name, route, isServed }: NamedRoute,
  parents: ParentFacts | undefined,
): RouteProblem[] {
  const what = `${kind} ${name}`;
  if (!isServed) return [notServed(resourceOf(kind), GATEWAY_API)];
  if (!route || route.deleting) return [notFound(what, target.namespace, route !== undefined)];
  const rules = baseRules(
    route.rules,
    target,
    readMemory(route.before.get(beforeAnnotation(target.service))),
  );
  const sentences = [
    ...foreignSentences(target, what, route),
    ...ruleSentences(target, what, rules),
    ...limitSentences(target, what, rules),
  ];
  return [
    ...sentences.map((message) => ({ reason: Reasons.RouteNotSupported, message })),
    ...parentProblems(target, route, parents),
  ];
}

/** A reference that does not resolve is a problem before a release; after a write of ours the Gateway may just not know yet. */
function parentProblems(
  target: UserRoutesTarget,
  { rules }: RouteSnapshot,
  parents: ParentFacts | undefined,
): RouteProblem[] {
  const isOurs = rules.some(({ backendRefs }) => hasCanary(backendRefs ?? [], target));
  const message = parents?.refusal ?? (isOurs ? undefined : parents?.unresolved);
  return message === undefined ? [] : [{ reason: Reasons.RouteNotAccepted, message }];
}

/** The canary Service belongs to Headway, and so does each mention of it: one in Git would go with the release. */
function foreignSentences(target: UserRoutesTarget, what: string, route: RouteSnapshot): string[] {
  const isNoted = route.before.has(beforeAnnotation(target.service));
  if (isNoted || route.writers.get('rules') === FIELD_MANAGER) return [];
  const at = route.rules.findIndex(({ backendRefs }) => hasCanary(backendRefs ?? [], target));
  if (at < 0) return [];
  return [
    `rule ${at + 1} of ${what} already names Service ${target.canaryService}, which is Headway's own; take it out of the rule, and use match to choose requests`,
  ];
}

function ruleSentences(target: UserRoutesTarget, what: string, rules: readonly RouteRule[]): string[] {
  const { service } = target;
  const naming = rules
    .map(({ backendRefs }, i) => ({ refs: backendRefs ?? [], number: i + 1 }))
    .filter(({ refs }) => refs.some((ref) => isService(ref, target, service)));
  if (naming.length === 0) {
    const others = listed(
      rules.flatMap(({ backendRefs }) => backendRefs ?? []),
      target.namespace,
    );
    const instead = others ? `they lead to ${others}` : 'they have no backends';
    return [`no rule of ${what} leads to Service ${service}; ${instead}`];
  }
  if (!naming.some(({ refs }) => leadsToService(refs, target))) {
    return [`every rule of ${what} gives Service ${service} weight 0; there is nothing to shift`];
  }
  const heavy = naming.filter(
    ({ refs }) => isShared(refs, target) && Math.max(...refs.map(weightOf)) > MAX_SHARED_WEIGHT,
  );
  return heavy.map(
    ({ number, refs }) =>
      `rule ${number} of ${what} has a weight of ${Math.max(...refs.map(weightOf))}; beside other backends at most ${MAX_SHARED_WEIGHT} can be split by percent`,
  );
}

function resourceOf(kind: NamedRoute['kind']) {
  return kind === 'HTTPRoute' ? resources.httpRoutes : resources.grpcRoutes;
}
