// SPDX-License-Identifier: Apache-2.0
import type { Rollout } from '../../../engine/rollout/rollout.ts';
import type {
  RouteFacts,
  RouteResource,
  RouteSplit,
  RouteTarget,
  RouteWrite,
  TrafficRouter,
} from '../../../providers/traffic/types.ts';
import type { RouteStores } from './stores.ts';

/** The router of one Canary over the snapshots of one moment. */
export interface BoundRouter {
  /** Whether the route is Headway's also at rest. */
  readonly owned: boolean;
  observe(): RouteFacts;
  planWeight(split: RouteSplit): readonly RouteWrite[];
  planRest(): readonly RouteWrite[];
}

/** An object of a route, by its key in the resources table. */
export interface RouteObject {
  readonly resource: RouteResource;
  readonly name: string;
  /** The router looks at it and never writes it. */
  readonly isReadOnly?: true;
}

/** How a router gets what it works from; one for each field of spec.traffic that names a way to split. */
export interface RouterBinding<Settings> {
  /** The objects that these settings name, whether they are there or not: a change of any of them wakes the Canary. */
  objects(canary: string, settings: Settings): readonly RouteObject[];
  bind(rollout: Rollout, stores: RouteStores, settings: Settings): BoundRouter;
}

/** What every router is told of a Canary. */
export function targetOf({ kind, metadata, spec }: Rollout): RouteTarget {
  return {
    namespace: metadata.namespace,
    canary: { kind, name: metadata.name, uid: metadata.uid },
    service: spec.service.name,
    canaryService: spec.canaryService,
    match: spec.match ?? [],
  };
}

export function boundTo<Target extends RouteTarget>(
  router: TrafficRouter<Target>,
  target: Target,
): BoundRouter {
  return {
    owned: false,
    observe: () => router.observe(target),
    planWeight: (split) => router.planWeight(target, split),
    planRest: () => router.planRest(target),
  };
}
