// SPDX-License-Identifier: Apache-2.0
import { FIELD_MANAGER } from '../../../api/group.ts';
import { Reasons } from '../../../api/reasons.ts';
import type { RouteProblem } from '../types.ts';
import { limitSentences } from './limits.ts';
import { beforeAnnotation } from '../weights/note.ts';
import { readMemory } from '../weights/memory.ts';
import type { ParentFacts } from './parents.ts';
import { baseRules } from './rules.ts';
import { type NamedRoute, type RouteRule, type RouteSnapshot, type UserRoutesTarget } from './schema.ts';
import { hasCanary, isService, isShared, leadsToService, weightOf } from '../weights/split.ts';

/**
 * The greatest weight that may stand beside another backend in one rule: the Gateway API ends at 1,000,000, and a
 * share of 1 % may need weights a hundred times as great.
 */
const MAX_SHARED_WEIGHT = 10_000;

const MAX_LISTED = 5;

/** Why a route of the user cannot be split, all reasons at once; empty when it can. */
export function findRouteProblems(
  target: UserRoutesTarget,
  { kind, name, route, isServed }: NamedRoute,
  parents: ParentFacts | undefined,
): RouteProblem[] {
  const what = `${kind} ${name}`;
  if (!isServed) return [notServed(kind)];
  if (!route || route.deleting) {
    const message = `${what} ${route ? 'is being deleted' : 'does not exist'} in namespace ${target.namespace}`;
    return [{ reason: Reasons.RouteNotFound, message }];
  }
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

/** The CRDs of the Gateway API are missing, or older than v1. */
export function notServed(kind: string): RouteProblem {
  const message = `the API server does not serve ${kind} (gateway.networking.k8s.io/v1); install the CRDs of the Gateway API, they are taken up within a minute`;
  return { reason: Reasons.RouteKindNotServed, message };
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
    return [`no rule of ${what} leads to Service ${service}; ${listed(target, rules)}`];
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

function listed({ namespace }: UserRoutesTarget, rules: readonly RouteRule[]): string {
  const names = rules.flatMap(({ backendRefs }) =>
    (backendRefs ?? []).map(({ kind, namespace: of = namespace, name }) => {
      const place = of === namespace || of === null ? '' : ` in namespace ${of}`;
      return `${kind ?? 'Service'} ${name}${place}`;
    }),
  );
  const distinct = [...new Set(names)];
  if (distinct.length === 0) return 'they have no backends';
  const more = distinct.length > MAX_LISTED ? ` and ${distinct.length - MAX_LISTED} more` : '';
  return `they lead to ${distinct.slice(0, MAX_LISTED).join(', ')}${more}`;
}
