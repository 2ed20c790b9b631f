// SPDX-License-Identifier: Apache-2.0
import type { GatewayTraffic } from '../../api/gateway.ts';
import type { Canary } from '../../api/kinds.ts';
import type { IngressTraffic } from '../../api/traffic.ts';
import { canaryServiceName } from '../../engine/canary/names.ts';
import { ownRouteRouter } from '../../providers/traffic/gateway/own-route.ts';
import { userRoutesRouter } from '../../providers/traffic/gateway/user-routes.ts';
import { canaryIngressName } from '../../providers/traffic/ingress/canary-ingress.ts';
import { ingressRouter } from '../../providers/traffic/ingress/router.ts';
import type {
  RouteFacts,
  RouteResource,
  RouteSplit,
  RouteTarget,
  RouteWrite,
  TrafficRouter,
} from '../../providers/traffic/types.ts';
import type { CanaryStores } from './stores.ts';

/** The router of one Canary over the snapshots of one moment. */
export interface BoundRouter {
  /** Whether the route is Headway's also at rest. */
  readonly owned: boolean;
  observe(): RouteFacts;
  planWeight(split: RouteSplit): readonly RouteWrite[];
  planRest(): readonly RouteWrite[];
}

/** The router that the Canary asks for; undefined where the pods behind the Service are the split. */
export function bindRouter(canary: Canary, stores: CanaryStores): BoundRouter | undefined {
  const { ingress, gateway } = canary.spec.traffic ?? {};
  if (ingress) return bindIngress(canary, stores, ingress);
  return gateway && bindGateway(canary, stores, gateway);
}

/** An object of a route, by its key in the resources table. */
export interface RouteObject {
  readonly resource: RouteResource;
  readonly name: string;
}

/** What the router of a Canary writes to, whether it is there or not. */
export function routeObjects({ metadata, spec }: Canary): readonly RouteObject[] {
  const { ingress, gateway } = spec.traffic ?? {};
  if (ingress) return [{ resource: 'ingresses', name: canaryIngressName(ingress.name) }];
  if (gateway?.template) return [{ resource: 'httpRoutes', name: metadata.name }];
  return (gateway?.routes ?? []).map(({ kind, name }) => ({
    resource: kind === 'HTTPRoute' ? 'httpRoutes' : 'grpcRoutes',
    name,
  }));
}

function bindIngress(
  canary: Canary,
  stores: CanaryStores,
  { name, annotationPrefix }: IngressTraffic,
): BoundRouter {
  const { namespace } = canary.metadata;
  return bind(ingressRouter, {
    ...targetOf(canary),
    ingressName: name,
    annotationPrefix,
    ingress: stores.ingresses.get(`${namespace}/${name}`),
    canaryIngress: stores.ingresses.get(`${namespace}/${canaryIngressName(name)}`),
    neighbours: stores.ingresses.list(namespace),
  });
}

function bindGateway(
  canary: Canary,
  stores: CanaryStores,
  { routes = [], template }: GatewayTraffic,
): BoundRouter {
  const { namespace, name } = canary.metadata;
  const target = targetOf(canary);
  if (template) {
    const route = stores.httpRoutes.get(`${namespace}/${name}`);
    const isServed = isKnown(stores, 'HTTPRoute');
    const service = stores.services.get(`${namespace}/${target.service}`);
    const ports = service?.ports.map(({ port }) => port).filter((port) => port !== undefined);
    return { ...bind(ownRouteRouter, { ...target, template, route, ports, isServed }), owned: true };
  }
  const named = routes.map((ref) => {
    const store = ref.kind === 'HTTPRoute' ? stores.httpRoutes : stores.grpcRoutes;
    return { ...ref, route: store.get(`${namespace}/${ref.name}`), isServed: isKnown(stores, ref.kind) };
  });
  return bind(userRoutesRouter, { ...target, routes: named });
}

function isKnown({ kinds }: CanaryStores, kind: string): boolean {
  return kinds.get(kind)?.served !== false;
}

function targetOf({ metadata, spec }: Canary): RouteTarget {
  return {
    namespace: metadata.namespace,
    canary: { name: metadata.name, uid: metadata.uid },
    service: spec.service.name,
    canaryService: canaryServiceName(spec.service.name),
    match: spec.match ?? [],
  };
}

function bind<Target extends RouteTarget>(router: TrafficRouter<Target>, target: Target): BoundRouter {
  return {
    owned: false,
    observe: () => router.observe(target),
    planWeight: (split) => router.planWeight(target, split),
    planRest: () => router.planRest(target),
  };
}
