// SPDX-License-Identifier: Apache-2.0
import { FIELD_MANAGER } from '../../../api/group.ts';
import { canonicalJson } from '../../../engine/names.ts';
import { type JsonPatchOperation, jsonPointerSegment } from '../../../kube/objects.ts';
import { requirePercent } from '../percent.ts';
import type { RouteFacts, RouteOverwrite, RouteSplit, RouteWrite, TrafficRouter } from '../types.ts';
import { type Memory, memoryText, readMemory } from './memory.ts';
import { readParents } from './parents.ts';
import { findRouteProblems } from './problems.ts';
import { baseRules, readRules, rememberRules, type RulesFacts, splitRules } from './rules.ts';
import {
  beforeAnnotation,
  type NamedRoute,
  type RouteRule,
  type RouteSnapshot,
  type UserRoutesTarget,
} from './schema.ts';
import { leadsToService } from './split.ts';

/**
 * Splits traffic by the weights of the user's own HTTPRoutes and GRPCRoutes (gateway.networking.k8s.io/v1). Rules that
 * name the Service get the canary Service beside it, and nothing else of the route is changed; at rest the rules are
 * as the user wrote them. `rules` is one value for the API server, so they are written by JSON Patch on exactly the
 * version that was read.
 *
 * Several routes of one Canary are moved one after the other: until all of them are, the route says the greatest
 * weight that any rule of any of them has, and is outdated.
 */
export const userRoutesRouter: TrafficRouter<UserRoutesTarget> = Object.freeze({
  observe,
  planWeight,
  planRest,
});

interface LiveRoute {
  readonly named: NamedRoute;
  readonly route: RouteSnapshot;
  /** What was noted before the weights came, and where. */
  readonly note: { readonly key: string; readonly text: string | undefined };
  readonly memory: Memory | undefined;
  readonly facts: RulesFacts;
}

function liveRoutes(target: UserRoutesTarget): LiveRoute[] {
  const key = beforeAnnotation(target.service);
  return target.routes.flatMap((named) => {
    const { route } = named;
    if (!route || route.deleting) return [];
    const text = route.before.get(key);
    const facts = readRules(route.rules, target);
    return [{ named, route, note: { key, text }, memory: readMemory(text), facts }];
  });
}

function observe(target: UserRoutesTarget): RouteFacts {
  const live = liveRoutes(target);
  const exists = live.some(({ facts }) => facts.exists);
  const now = {
    weight: Math.max(0, ...live.map(({ facts }) => facts.weight)),
    matched: live.some(({ facts }) => facts.matched),
  };
  const parents = new Map(live.map(({ named, route }) => [named, readParents(named.kind, route)]));
  const pending = [...parents.values()].find((said) => said.pending !== undefined)?.pending;
  const overwritten = live.map(findOverwrite).find((found) => found !== undefined);
  return {
    ...now,
    exists,
    outdated: (exists ? planWeight(target, now) : planRest(target)).length > 0,
    problems: target.routes.flatMap((named) => findRouteProblems(target, named, parents.get(named))),
    exceptions: [...parents.values()].flatMap(({ exceptions }) => exceptions),
    ...(pending === undefined ? {} : { pending }),
    ...(overwritten && { overwritten }),
  };
}

/** Someone else has written the rules since, and they no longer say what Headway wrote. */
function findOverwrite({ named, route, memory, facts }: LiveRoute): RouteOverwrite | undefined {
  const manager = route.writers.get('rules');
  if (!memory || manager === FIELD_MANAGER) return undefined;
  const kept = facts.shares.filter((share) => share === memory.weight);
  const isIntact = facts.exists && kept.length >= memory.rules.length && facts.matched === memory.matched;
  if (isIntact) return undefined;
  const field = `spec.rules of ${named.kind} ${named.name}`;
  return manager === undefined ? { field } : { field, manager };
}

/** Beside the contract of the port: a route that is refused by its Gateways is written all the same, it may only be late. */
function planWeight(target: UserRoutesTarget, split: RouteSplit): readonly RouteWrite[] {
  requirePercent(split.weight);
  return liveRoutes(target).flatMap((live) => {
    const base = baseRules(live.route.rules, target, live.memory);
    if (!base.some(({ backendRefs }) => leadsToService(backendRefs ?? [], target))) return [];
    const rules = splitRules(base, target, {
      weight: split.weight,
      match: split.matched ? target.match : [],
    });
    return writeOf(
      live,
      rules,
      memoryText(rememberRules(base, target, { weight: split.weight, matched: split.matched ?? false })),
    );
  });
}

function planRest(target: UserRoutesTarget): readonly RouteWrite[] {
  return liveRoutes(target).flatMap((live) => {
    const { route, memory, facts, note } = live;
    if (!facts.exists && note.text === undefined) return [];
    return writeOf(live, baseRules(route.rules, target, memory), undefined);
  });
}

function writeOf(
  { named, route, note }: LiveRoute,
  rules: readonly RouteRule[],
  before: string | undefined,
): RouteWrite[] {
  const operations = [...ruleChanges(route.rules, rules), ...annotationChanges(route, note, before)];
  if (operations.length === 0) return [];
  const { namespace, name, resourceVersion } = route;
  const test: JsonPatchOperation = { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion };
  const resource = named.kind === 'HTTPRoute' ? 'httpRoutes' : 'grpcRoutes';
  return [{ kind: 'patch', resource, namespace, name, operations: [test, ...operations] }];
}

/** Only the backends of the rules that change; the list as a whole where rules come or go. */
function ruleChanges(live: readonly RouteRule[], wanted: readonly RouteRule[]): JsonPatchOperation[] {
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

function annotationChanges(
  route: RouteSnapshot,
  { key, text }: LiveRoute['note'],
  before: string | undefined,
): JsonPatchOperation[] {
  if (text === before) return [];
  const path = `/metadata/annotations/${jsonPointerSegment(key)}`;
  if (before === undefined) return [{ op: 'remove', path }];
  if (route.hasAnnotations) return [{ op: 'add', path, value: before }];
  return [{ op: 'add', path: '/metadata/annotations', value: { [key]: before } }];
}
