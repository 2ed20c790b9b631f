// SPDX-License-Identifier: Apache-2.0
import { requirePercent } from '../percent.ts';
import type { RouteFacts, RouteSplit, RouteWrite, TrafficRouter } from '../types.ts';
import { type LiveObject, observePatched, planPatchedRest, planPatchedWeight } from '../weights/patched.ts';
import { liveRoute } from './live-route.ts';
import { readParents } from './parents.ts';
import { findRouteProblems } from './problems.ts';
import { routeEditor } from './rules.ts';
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

interface NamedLive {
  readonly named: NamedRoute;
  readonly route: RouteSnapshot;
  readonly live: LiveObject<readonly RouteRule[]>;
}

function liveRoutes(target: UserRoutesTarget): NamedLive[] {
  return target.routes.flatMap((named) => {
    const { route } = named;
    if (!route || route.deleting) return [];
    return [{ named, route, live: liveRoute(target, named, route) }];
  });
}

function livesOf(target: UserRoutesTarget): LiveObject<readonly RouteRule[]>[] {
  return liveRoutes(target).map(({ live }) => live);
}

function observe(target: UserRoutesTarget): RouteFacts {
  const routes = liveRoutes(target);
  const parents = new Map(routes.map(({ named, route }) => [named, readParents(named.kind, route)]));
  const pending = [...parents.values()].find((said) => said.pending !== undefined)?.pending;
  const live = routes.map((one) => one.live);
  return {
    ...observePatched(routeEditor, target, live),
    problems: target.routes.flatMap((named) => findRouteProblems(target, named, parents.get(named))),
    exceptions: [...parents.values()].flatMap(({ exceptions }) => exceptions),
    ...(pending === undefined ? {} : { pending }),
  };
}

/** Beside the contract of the port: a route that is refused by its Gateways is written all the same, it may only be late. */
function planWeight(target: UserRoutesTarget, split: RouteSplit): readonly RouteWrite[] {
  requirePercent(split.weight);
  return planPatchedWeight(routeEditor, target, livesOf(target), split);
}

function planRest(target: UserRoutesTarget): readonly RouteWrite[] {
  return planPatchedRest(routeEditor, target, livesOf(target));
}
