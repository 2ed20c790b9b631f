// SPDX-License-Identifier: Apache-2.0
import type { Rollout } from '../../engine/rollout/rollout.ts';
import { ROUTER_NAMES, type RouterName, type Traffic } from '../../api/traffic.ts';
import { albBinding } from './routers/alb.ts';
import type { BoundRouter, RouteObject, RouterBinding } from './routers/binding.ts';
import { gatewayBinding } from './routers/gateway.ts';
import { ingressBinding } from './routers/ingress.ts';
import { istioBinding } from './routers/istio.ts';
import { traefikBinding } from './routers/traefik.ts';
import type { RouteStores } from './routers/stores.ts';

/** Each field of spec.traffic that names a way to split, and the router that does it. */
const BINDINGS: { readonly [Name in RouterName]: RouterBinding<NonNullable<Traffic[Name]>> } = {
  ingress: ingressBinding,
  gateway: gatewayBinding,
  traefik: traefikBinding,
  alb: albBinding,
  istio: istioBinding,
};

/** The router that the Canary asks for; undefined where the pods behind the Service are the split. */
export function bindRouter(rollout: Rollout, stores: RouteStores): BoundRouter | undefined {
  const { traffic = {} } = rollout.spec;
  return chosen(traffic, (binding, settings) => binding.bind(rollout, stores, settings));
}

/** The objects of the route that a Canary names, whether they are there or not. */
export function routeObjects(canary: string, traffic: Partial<Traffic> = {}): readonly RouteObject[] {
  return chosen(traffic, (binding, settings) => binding.objects(canary, settings)) ?? [];
}

function chosen<Result>(
  traffic: Partial<Traffic>,
  use: <Settings>(binding: RouterBinding<Settings>, settings: Settings) => Result,
): Result | undefined {
  const name = ROUTER_NAMES.find((one) => traffic[one] !== undefined);
  return name && useOne(traffic, name, use);
}

function useOne<Name extends RouterName, Result>(
  traffic: Partial<Traffic>,
  name: Name,
  use: <Settings>(binding: RouterBinding<Settings>, settings: Settings) => Result,
): Result | undefined {
  const settings = traffic[name];
  return settings === undefined ? undefined : use(BINDINGS[name], settings);
}
