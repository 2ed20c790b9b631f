// SPDX-License-Identifier: Apache-2.0
import type { projectRoute } from '../../../providers/traffic/gateway/schema.ts';
import type { projectIngress } from '../../../providers/traffic/ingress/schema.ts';
import type { projectTraefikService } from '../../../providers/traffic/traefik/schema.ts';
import type {
  projectDestinationRule,
  projectVirtualService,
} from '../../../providers/traffic/istio/schema.ts';
import type { KindPresence } from '../../../runtime/kind-register.ts';
import type { Store } from '../../../runtime/store.ts';
import type { DeploymentProjection } from '../projections.ts';
import type { projectService } from '../service-projection.ts';

/** What routers see of the cluster: one store for each RouteResource, and what routes lead to. */
export interface RouteStores {
  readonly ingresses: Store<ReturnType<typeof projectIngress>>;
  readonly httpRoutes: Store<ReturnType<typeof projectRoute>>;
  readonly grpcRoutes: Store<ReturnType<typeof projectRoute>>;
  readonly traefikServices: Store<ReturnType<typeof projectTraefikService>>;
  readonly virtualServices: Store<ReturnType<typeof projectVirtualService>>;
  readonly destinationRules: Store<ReturnType<typeof projectDestinationRule>>;
  readonly deployments: Store<DeploymentProjection>;
  readonly services: Store<ReturnType<typeof projectService>>;
  /** Whether the kinds that CRDs of others bring are served. */
  readonly kinds: Store<KindPresence>;
}

/** Whether the API server knows a kind that a CRD brings; until it has been asked, it does. */
export function isServed({ kinds }: Pick<RouteStores, 'kinds'>, kind: string): boolean {
  return kinds.get(kind)?.served !== false;
}
