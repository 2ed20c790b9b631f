// SPDX-License-Identifier: Apache-2.0
import { Annotations, FIELD_MANAGER } from '../../../api/group.ts';
import { ourLabels, ownerReference } from '../../../engine/ownership.ts';
import { Reasons } from '../../../api/reasons.ts';
import type { AppliedObject } from '../../../kube/client.ts';
import { resources } from '../../../kube/resources.ts';
import { notServed } from '../absent.ts';
import { requirePercent } from '../percent.ts';
import type {
  RouteFacts,
  RouteOverwrite,
  RouteProblem,
  RouteSplit,
  RouteWrite,
  TrafficRouter,
} from '../types.ts';
import { type ParentFacts, readParents } from './parents.ts';
import { GATEWAY_API } from './problems.ts';
import { findForeign, hashOfSpec, isSpecWritten, removalOfAdded } from './own-spec.ts';
import { readRules, splitRules } from './rules.ts';
import type { OwnRouteTarget, RouteRule, RouteSnapshot } from './schema.ts';

/** The value of the role label of an owned route. */
export const OWN_ROUTE_ROLE = 'route';

const DEFAULT_MATCH = { path: { type: 'PathPrefix', value: '/' } };

/**
 * Splits traffic by an HTTPRoute that is made from a template and owned by the Canary: written as a whole by
 * server-side apply, there as long as the Canary is. At rest all of its rules lead to the user's Service alone.
 */
export const ownRouteRouter: TrafficRouter<OwnRouteTarget> = Object.freeze({ observe, planWeight, planRest });

/** What Gateways say of a route that is about to be changed says nothing. */
function observe(target: OwnRouteTarget): RouteFacts {
  const live = ownRoute(target);
  const { exists, weight, matched } = readRules(live?.rules ?? [], target);
  const split = exists ? { weight, matched } : undefined;
  const outdated = writeOf(target, split).length > 0;
  const parents = live && !outdated ? readParents('HTTPRoute', live) : undefined;
  const overwritten = live && findOverwrite(target, live, split);
  return {
    weight,
    matched,
    exists,
    outdated,
    problems: findProblems(target, parents, exists),
    exceptions: parents?.exceptions ?? [],
    ...(parents?.pending === undefined ? {} : { pending: parents.pending }),
    ...(overwritten && { overwritten }),
  };
}

function planWeight(target: OwnRouteTarget, split: RouteSplit): readonly RouteWrite[] {
  requirePercent(split.weight);
  return writeOf(target, split);
}

function planRest(target: OwnRouteTarget): readonly RouteWrite[] {
  return writeOf(target, undefined);
}

function writeOf(target: OwnRouteTarget, split: RouteSplit | undefined): RouteWrite[] {
  const port = portOf(target);
  if (port === undefined || !target.isServed || isTaken(target)) return [];
  const object = buildRoute(target, port, split);
  if (isUpToDate(object, target)) return [];
  return [...removalOf(target, object), { kind: 'apply', resource: 'httpRoutes', object }];
}

function removalOf(target: OwnRouteTarget, { spec }: OwnRoute): RouteWrite[] {
  const live = ownRoute(target);
  const operations = live ? removalOfAdded(live, spec) : [];
  if (!live || operations.length === 0) return [];
  const { namespace, name } = live;
  return [{ kind: 'patch', resource: 'httpRoutes', namespace, name, operations }];
}

interface OwnRoute extends AppliedObject {
  readonly metadata: AppliedObject['metadata'] & { readonly labels: Readonly<Record<string, string>> };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Every default of the API server is written out, so that what is stored can be compared with what is wanted. */
function buildRoute(target: OwnRouteTarget, port: number, split: RouteSplit | undefined): OwnRoute {
  const { template, canary } = target;
  const base = (template.rules ?? [{}]).map(
    (rule): RouteRule => ({
      ...rule,
      matches: (rule.matches ?? [{}]).map((match) => ({ ...DEFAULT_MATCH, ...match })),
      backendRefs: [{ group: '', kind: 'Service', name: target.service, port, weight: 1 }],
    }),
  );
  const rules = split
    ? splitRules(base, target, { weight: split.weight, match: split.matched ? target.match : [] })
    : base;
  const spec = {
    parentRefs: template.parentRefs.map((parent) => ({
      group: 'gateway.networking.k8s.io',
      kind: 'Gateway',
      ...parent,
    })),
    ...(template.hostnames ? { hostnames: template.hostnames } : {}),
    rules,
  };
  return {
    metadata: {
      name: canary.name,
      namespace: target.namespace,
      labels: ourLabels(canary.name, OWN_ROUTE_ROLE),
      annotations: { [Annotations.written]: hashOfSpec(spec) },
      ownerReferences: [ownerReference(canary)],
    },
    spec,
  };
}

function isUpToDate({ metadata, spec }: OwnRoute, target: OwnRouteTarget): boolean {
  const live = ownRoute(target);
  if (live?.controllerUid !== target.canary.uid) return false;
  return hasLabels(live, metadata.labels) && isSpecWritten(live, spec);
}

/** Ours by its owner; where somebody took that away, by its labels and by who wrote its rules. */
function isTaken({ route, canary }: OwnRouteTarget): boolean {
  if (!route) return false;
  if (route.controllerUid !== undefined) return route.controllerUid !== canary.uid;
  return (
    route.writers.get('rules') !== FIELD_MANAGER || !hasLabels(route, ourLabels(canary.name, OWN_ROUTE_ROLE))
  );
}

function hasLabels({ labels }: RouteSnapshot, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

function ownRoute(target: OwnRouteTarget): RouteSnapshot | undefined {
  return isTaken(target) || target.route?.deleting ? undefined : target.route;
}

function findOverwrite(
  target: OwnRouteTarget,
  live: RouteSnapshot,
  split: RouteSplit | undefined,
): RouteOverwrite | undefined {
  const port = portOf(target);
  const foreign = port === undefined ? undefined : findForeign(live, buildRoute(target, port, split).spec);
  if (!foreign) return undefined;
  return { ...foreign, field: `spec.${foreign.field} of HTTPRoute ${target.canary.name}` };
}

function findProblems(
  target: OwnRouteTarget,
  parents: ParentFacts | undefined,
  exists: boolean,
): RouteProblem[] {
  if (!target.isServed) return [notServed(resources.httpRoutes, GATEWAY_API)];
  const { canary, service, template, ports = [] } = target;
  const name = `HTTPRoute ${canary.name}`;
  if (isTaken(target)) {
    const message = `${name} is needed for ${canary.kind} ${canary.name}, but it exists and was not made by Headway for it; rename or delete it`;
    return [{ reason: Reasons.NameTaken, message }];
  }
  if (target.ports !== undefined && portOf(target) === undefined) {
    const message =
      template.port === undefined
        ? `Service ${service} has ${ports.length} ports; set traffic.gateway.template.port to one of ${ports.join(', ')}`
        : `Service ${service} has no port ${template.port}; it has ${ports.join(', ')}`;
    return [{ reason: Reasons.RouteNotSupported, message }];
  }
  const message = parents?.refusal ?? (exists ? undefined : parents?.unresolved);
  return message === undefined ? [] : [{ reason: Reasons.RouteNotAccepted, message }];
}

function portOf({ template, ports }: OwnRouteTarget): number | undefined {
  if (!ports) return undefined;
  if (template.port !== undefined) return ports.includes(template.port) ? template.port : undefined;
  return ports.length === 1 ? ports[0] : undefined;
}
