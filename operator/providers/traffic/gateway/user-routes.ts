// SPDX-License-Identifier: Apache-2.0
import { canonicalJson } from '../../../engine/names.ts';
import type { JsonPatchOperation } from '../../../kube/objects.ts';
import { requirePercent } from '../percent.ts';
import type { RouteFacts, RouteSplit, RouteWrite, TrafficRouter } from '../types.ts';
import {
  type ListEditor,
  type LiveObject,
  observePatched,
  planPatchedRest,
  planPatchedWeight,
  readLive,
} from '../weights/patched.ts';
import { leadsToService } from '../weights/split.ts';
import { readParents } from './parents.ts';
import { findRouteProblems } from './problems.ts';
import { baseRules, readRules, rememberRules, splitRules } from './rules.ts';
import type { NamedRoute, RouteRule, RouteSnapshot, UserRoutesTarget } from './schema.ts';

/**
 * Splits traffic by the weights of the user's own HTTPRoutes and GRPCRoutes (gateway.networking.k8s.io/v1). Rules that
 * name the Service get the canary Service beside it, and nothing else of the route is changed; at rest the rules are
 * as the user wrote them.
 */
export const userRoutesRouter: TrafficRouter<UserRoutesTarget> = Object.freeze({
  observe,
  planWeight,
  planRest,
});

type Rules = readonly RouteRule[];

const editor: ListEditor<Rules> = {
  isNotedAtZero: false,
  read: readRules,
  base: baseRules,
  split: (base, target, { weight, matched }) =>
    base.some(({ backendRefs }) => leadsToService(backendRefs ?? [], target))
      ? splitRules(base, target, { weight, match: matched ? target.match : [] })
      : undefined,
  remember: rememberRules,
  changes: ruleChanges,
};

interface NamedLive {
  readonly named: NamedRoute;
  readonly route: RouteSnapshot;
  readonly live: LiveObject<Rules>;
}

function liveRoutes(target: UserRoutesTarget): NamedLive[] {
  return target.routes.flatMap((named) => {
    const { route, kind } = named;
    if (!route || route.deleting) return [];
    const object = {
      ...route,
      resource: kind === 'HTTPRoute' ? ('httpRoutes' as const) : ('grpcRoutes' as const),
      field: `spec.rules of ${kind} ${named.name}`,
      writer: route.writers.get('rules'),
      lists: route.rules,
    };
    return [{ named, route, live: readLive(editor, target, object) }];
  });
}

function livesOf(target: UserRoutesTarget): LiveObject<Rules>[] {
  return liveRoutes(target).map(({ live }) => live);
}

function observe(target: UserRoutesTarget): RouteFacts {
  const routes = liveRoutes(target);
  const parents = new Map(routes.map(({ named, route }) => [named, readParents(named.kind, route)]));
  const pending = [...parents.values()].find((said) => said.pending !== undefined)?.pending;
  const live = routes.map((one) => one.live);
  return {
    ...observePatched(editor, target, live),
    problems: target.routes.flatMap((named) => findRouteProblems(target, named, parents.get(named))),
    exceptions: [...parents.values()].flatMap(({ exceptions }) => exceptions),
    ...(pending === undefined ? {} : { pending }),
  };
}

/** Beside the contract of the port: a route that is refused by its Gateways is written all the same, it may only be late. */
function planWeight(target: UserRoutesTarget, split: RouteSplit): readonly RouteWrite[] {
  requirePercent(split.weight);
  return planPatchedWeight(editor, target, livesOf(target), split);
}

function planRest(target: UserRoutesTarget): readonly RouteWrite[] {
  return planPatchedRest(editor, target, livesOf(target));
}

/** Only the backends of the rules that change; the list as a whole where rules come or go. */
function ruleChanges(live: Rules, wanted: Rules): JsonPatchOperation[] {
  if (canonicalJson(live) === canonicalJson(wanted)) return [];
  if (live.length !== wanted.length) return [{ op: 'replace', path: '/spec/rules', value: wanted }];
  return wanted.flatMap((rule, i) =>
    canonicalJson(rule) === canonicalJson(live[i]) ? [] : [ruleChange(i, rule, live[i])],
  );
}

function ruleChange(i: number, rule: RouteRule, live: RouteRule | undefined): JsonPatchOperation {
  const path = `/spec/rules/${i}`;
  const isSameElse = canonicalJson({ ...rule, backendRefs: live?.backendRefs }) === canonicalJson(live ?? {});
  return isSameElse && live?.backendRefs
    ? { op: 'replace', path: `${path}/backendRefs`, value: rule.backendRefs }
    : { op: 'replace', path, value: rule };
}
