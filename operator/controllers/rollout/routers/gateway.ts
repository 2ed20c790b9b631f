// SPDX-License-Identifier: Apache-2.0
import type { GatewayTraffic, RouteRef, RouteTemplate } from '../../../api/gateway.ts';
import type { Rollout } from '../../../engine/rollout/rollout.ts';
import { ownRouteRouter } from '../../../providers/traffic/gateway/own-route.ts';
import { userRoutesRouter } from '../../../providers/traffic/gateway/user-routes.ts';
import { type BoundRouter, boundTo, type RouterBinding, targetOf } from './binding.ts';
import { isServed, type RouteStores } from './stores.ts';

export const gatewayBinding: RouterBinding<GatewayTraffic> = {
  objects: (canary, { routes = [], template }) => {
    if (template) return [{ resource: 'httpRoutes', name: canary }];
    return routes.map(({ kind, name }) => ({ resource: resourceOf(kind), name }));
  },
  bind: (rollout, stores, { routes = [], template }) =>
    template ? bindOwn(rollout, stores, template) : bindRoutes(rollout, stores, routes),
};

function bindOwn(rollout: Rollout, stores: RouteStores, template: RouteTemplate): BoundRouter {
  const { namespace, name } = rollout.metadata;
  const target = targetOf(rollout);
  const service = stores.services.get(`${namespace}/${target.service}`);
  const own = boundTo(ownRouteRouter, {
    ...target,
    template,
    route: stores.httpRoutes.get(`${namespace}/${name}`),
    ports: service?.ports.map(({ port }) => port).filter((port) => port !== undefined),
    isServed: isServed(stores, 'HTTPRoute'),
  });
  return { ...own, owned: true };
}

function bindRoutes(rollout: Rollout, stores: RouteStores, routes: readonly RouteRef[]): BoundRouter {
  const { namespace } = rollout.metadata;
  const named = routes.map(({ kind, name }) => ({
    kind,
    name,
    route: stores[resourceOf(kind)].get(`${namespace}/${name}`),
    isServed: isServed(stores, kind),
  }));
  return boundTo(userRoutesRouter, { ...targetOf(rollout), routes: named });
}

function resourceOf(kind: RouteRef['kind']): 'httpRoutes' | 'grpcRoutes' {
  return kind === 'HTTPRoute' ? 'httpRoutes' : 'grpcRoutes';
}
