// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { type Resource, resources } from '../../../operator/kube/resources.ts';
import { specAsRoute } from '../../e2e/audit/traefik-service.ts';
import { isRecord, type Json } from '../api/json.ts';
import type { Setup } from '../story/story.ts';
import { listOf } from './http-routes.ts';
import { HTTP_ROUTE, OWN_ROUTE, TRAEFIK_SERVICE, VIRTUAL_SERVICE } from './names.ts';
import { specified, specOf } from './objects.ts';

/** An object in which weights stand beside each other, and how it says them. */
export interface WeightedRoute {
  readonly resource: Resource;
  readonly name: string;
  /** As an HTTPRoute, so that one reading and the same rules hold for all. */
  readonly asHttpRoute: (object: KubeObject) => KubeObject;
  /** With other backends, each of which came from asHttpRoute. */
  readonly withBackends: (object: KubeObject, make: (ref: Json) => Json) => KubeObject;
}

const httpRoute = {
  resource: resources.httpRoutes,
  asHttpRoute: (object: KubeObject) => object,
  withBackends: (object: KubeObject, make: (ref: Json) => Json) =>
    specified(object, {
      rules: listOf(specOf(object)['rules']).map((rule) => ({
        ...rule,
        backendRefs: listOf(rule['backendRefs']).map(make),
      })),
    }),
};

const traefikService: WeightedRoute = {
  resource: resources.traefikServices,
  name: TRAEFIK_SERVICE,
  asHttpRoute: (object) => ({ ...object, spec: specAsRoute(specOf(object)) }),
  withBackends: (object, make) => {
    const { weighted } = specOf(object);
    const { services, ...others } = isRecord(weighted) ? weighted : {};
    return specified(object, { weighted: { ...others, services: listOf(services).map(make) } });
  },
};

const virtualService: WeightedRoute = {
  resource: resources.virtualServices,
  name: VIRTUAL_SERVICE,
  asHttpRoute: (object) => {
    const { http, ...rest } = specOf(object);
    return { ...object, spec: { ...rest, rules: listOf(http).map(ruleOf) } };
  },
  withBackends: (object, make) =>
    specified(object, {
      http: listOf(specOf(object)['http']).map((route) =>
        route['route'] === undefined ? route : { ...route, route: listOf(route['route']).map(changed(make)) },
      ),
    }),
};

/** What a story has of them; absent where its router says its weights in another way. */
export const WEIGHTED: Readonly<Partial<Record<Setup['router'], WeightedRoute>>> = {
  gateway: { ...httpRoute, name: HTTP_ROUTE },
  'own-route': { ...httpRoute, name: OWN_ROUTE },
  traefik: traefikService,
  istio: virtualService,
};

/** An http route of a VirtualService; what has no destinations, such as a redirect, has no backends. */
function ruleOf({ match, route, ...rest }: Json): Json {
  const matches = listOf(match).map(({ headers, ...others }) => ({
    ...others,
    headers: isRecord(headers) ? Object.entries(headers).map(([name, value]) => ({ name, value })) : [],
  }));
  const refs = listOf(route);
  return {
    ...rest,
    matches,
    ...(route === undefined ? {} : { backendRefs: refs.map((ref) => backendOf(ref, refs.length)) }),
  };
}

/** A destination that stands alone gets everything; among others one without a weight gets nothing. */
function backendOf({ destination, weight, ...rest }: Json, among: number): Json {
  const { host, ...others } = isRecord(destination) ? destination : {};
  const alone = among === 1 ? 100 : 0;
  return { ...rest, ...others, name: host, weight: typeof weight === 'number' ? weight : alone };
}

function changed(make: (ref: Json) => Json): (ref: Json, index: number, all: readonly Json[]) => Json {
  return (ref, _index, all) => ({ ...ref, weight: make(backendOf(ref, all.length))['weight'] });
}
