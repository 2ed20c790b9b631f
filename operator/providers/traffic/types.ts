// SPDX-License-Identifier: Apache-2.0
import type { RequestMatch } from '../../api/match.ts';
import type { Reason } from '../../api/reasons.ts';
import type { RouterName } from '../../api/traffic.ts';
import type { AppliedObject } from '../../kube/client.ts';
import type { JsonPatchOperation } from '../../kube/objects.ts';
import type { resources } from '../../kube/resources.ts';

/** Keys of the resources table that a router may read, and ask the controller to write. */
export const ROUTE_RESOURCES = [
  'ingresses',
  'httpRoutes',
  'grpcRoutes',
  'traefikServices',
  'virtualServices',
  'destinationRules',
] as const satisfies readonly (keyof typeof resources)[];
export type RouteResource = (typeof ROUTE_RESOURCES)[number];

/** The routers that read a kind; without all of them nobody does. */
export const ROUTERS_OF: Readonly<Record<RouteResource, readonly RouterName[]>> = {
  ingresses: ['ingress', 'alb'],
  httpRoutes: ['gateway'],
  grpcRoutes: ['gateway'],
  traefikServices: ['traefik'],
  virtualServices: ['istio'],
  destinationRules: ['istio'],
};

/**
 * Whose traffic is split, and between what. `service` is the user's Service, where clients are; `canaryService` is
 * ours. Each router adds the snapshots that it reads: the controller takes them from its stores, so a router sees no
 * cluster.
 */
export interface RouteTarget {
  readonly namespace: string;
  /** What owns what the router makes. */
  readonly canary: { readonly kind: string; readonly name: string; readonly uid: string };
  readonly service: string;
  readonly canaryService: string;
  /** Requests that go to the canary whatever its weight is; empty: none. */
  readonly match: readonly RequestMatch[];
}

/** How the traffic is shared. */
export interface RouteSplit {
  /** Percent for the canary, an integer from 0 to 100. */
  readonly weight: number;
  /** Whether the requests of `match` go to the canary; absent: they do not. */
  readonly matched?: boolean;
}

/** Why the traffic cannot be split: a reason for the condition and one sentence for people. */
export interface RouteProblem {
  readonly reason: Reason;
  readonly message: string;
}

/** A field of the route that somebody else has changed since Headway wrote it. */
export interface RouteOverwrite {
  /** As a person would write it, e.g. `metadata.annotations[nginx.ingress.kubernetes.io/canary-weight]`. */
  readonly field: string;
  /** Field manager of the last writer; absent where the API server does not tell, as for a removed field. */
  readonly manager?: string;
  /** It is the weight itself, so that all is well when that is what it should be, whoever wrote it. */
  readonly isWeight?: true;
}

/** What the route says now. Read from the route, never from what was asked of it. */
export interface RouteFacts {
  /** Percent of the routed requests that go to the canary, 0 to 100, rounded; 0 without a canary route. */
  readonly weight: number;
  /** Whether requests are sent to the canary by `match`. */
  readonly matched: boolean;
  /** The canary has a place in the route, be it at weight 0. */
  readonly exists: boolean;
  /** planWeight with this very weight, or planRest where it does not exist, would write: the original has changed, or somebody has changed ours. */
  readonly outdated: boolean;
  /** While there is one, no weight may move up. Empty: all is well. */
  readonly problems: readonly RouteProblem[];
  /** What has to confirm yet that it has taken up what the route says, to complete "waits for"; absent: nothing has. */
  readonly pending?: string;
  /** The first field that somebody else has changed; absent when all are ours. */
  readonly overwritten?: RouteOverwrite;
  /** Requests that do not follow the weight, one sentence each, for the message of the condition. */
  readonly exceptions: readonly string[];
  /**
   * The data plane gives a canary its share before it knows a single pod of it, so that the canary gets its place at
   * weight 0 first, and its share when that has settled; absent: both come at once.
   */
  readonly placeFirst?: true;
}

/**
 * A write that the controller has to perform. `apply` is a server-side apply of the whole object with force (the
 * object is ours); `patch` is a JSON Patch of an object of the user, which tests the version that was read; `delete` carries
 * the uid as a precondition, so that it never hits a namesake.
 */
export type RouteWrite =
  | { readonly kind: 'apply'; readonly resource: RouteResource; readonly object: AppliedObject }
  | {
      readonly kind: 'patch';
      readonly resource: RouteResource;
      readonly namespace: string;
      readonly name: string;
      readonly operations: readonly JsonPatchOperation[];
    }
  | {
      readonly kind: 'delete';
      readonly resource: RouteResource;
      readonly namespace: string;
      readonly name: string;
      readonly uid: string;
    };

/**
 * Moves a share of the traffic between two Services. Pure: reads the snapshots in the target, returns what to write.
 * Every function may be called at any time and as often as one likes; where the route is already as it should be, a
 * plan is empty.
 */
export interface TrafficRouter<Target extends RouteTarget = RouteTarget> {
  observe(target: Target): RouteFacts;
  /**
   * The writes after which `weight` percent go to the canary. 0 keeps its place, so that the next move is one PATCH.
   * Empty where a problem makes the write impossible; the way back to 0 is planned whenever it can be written. Throws a
   * RangeError unless `weight` is an integer from 0 to 100.
   */
  planWeight(target: Target, split: RouteSplit): readonly RouteWrite[];
  /** The writes after which the canary has no place in the route any more. To be performed only at weight 0, settled. */
  planRest(target: Target): readonly RouteWrite[];
}
