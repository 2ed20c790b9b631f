// SPDX-License-Identifier: Apache-2.0
import type { Setup } from '../story/story.ts';
import { readAction } from './actions.ts';
import type { ReadRoute } from './data-plane.ts';
import { readRoute, type RouteReading } from './http-routes.ts';
import { CANARY_SERVICE, INGRESS, SERVICE } from './names.ts';
import { WEIGHTED } from './weighted-routes.ts';

const PREFIX = 'nginx.ingress.kubernetes.io';

/** kube-proxy: all requests go to the pods behind the Service. */
const byService: ReadRoute = () => new Map([[SERVICE, 100]]);

/**
 * An Ingress controller that reads canary annotations, as Traefik does it: while the canary's Service has no ready
 * endpoint the canary Ingress is left out as a whole.
 */
const byIngress: ReadRoute = (objects, ready) => {
  if (!objects.has(`ingresses shop/${INGRESS}`)) return new Map([[SERVICE, 100]]);
  const weight = ready.has(CANARY_SERVICE) ? weightOf(objects) : 0;
  return new Map([
    ...(weight < 100 ? ([[SERVICE, 100 - weight]] as const) : []),
    ...(weight > 0 ? ([[CANARY_SERVICE, weight]] as const) : []),
  ]);
};

/** What requests that are chosen by a header are of all, in percent. */
const CHOSEN_PERCENT = 0.5;

/**
 * A Gateway, or the proxies of Istio: the weights of the rules, whether the Services behind them have pods or not; a share
 * without a pod is answered with 503 (Gateway API, HTTPBackendRef). Without the route requests come by the Service.
 */
function byWeights(router: Setup['router']): ReadRoute {
  return (objects) => {
    const reading = readWeights(objects, router);
    if (!reading) return new Map([[SERVICE, 100]]);
    const percents = percentsOf(reading.weights);
    if (reading.isChosen) percents.set(CANARY_SERVICE, (percents.get(CANARY_SERVICE) ?? 0) + CHOSEN_PERCENT);
    return percents;
  };
}

/**
 * Traefik without `allowEmptyServices`: while one Service of a TraefikService has no ready endpoint, be its weight 0,
 * the whole of it is gone (docs/adr/0027).
 */
const byTraefikService: ReadRoute = (objects, ready) => {
  const reading = readWeights(objects, 'traefik');
  if (!reading) return new Map([[SERVICE, 100]]);
  const empty = [...reading.weights.keys()].find((service) => !ready.has(service));
  return empty === undefined ? percentsOf(reading.weights) : new Map([[empty, 100]]);
};

function readWeights(objects: Parameters<ReadRoute>[0], router: Setup['router']): RouteReading | undefined {
  const { resource, name, asHttpRoute } = WEIGHTED[router] ?? {};
  const route = objects.get(`${resource?.plural} shop/${name}`);
  return route && asHttpRoute && readRoute(asHttpRoute(route));
}

/** Also of what gets nothing yet: a data plane may have to learn of it first. */
function percentsOf(weights: ReadonlyMap<string, number>): Map<string, number> {
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return new Map([...weights].map(([service, weight]) => [service, (100 * weight) / total]));
}

/**
 * A load balancer of AWS: the weights of the target groups, whether they have targets or not. Without the
 * Ingress requests come by the Service.
 */
const byAction: ReadRoute = (objects) => {
  const weights = readAction(objects.get(`ingresses shop/${INGRESS}`));
  return weights.size === 0 ? new Map([[SERVICE, 100]]) : percentsOf(weights);
};

export const ROUTES: Readonly<Record<Setup['router'], ReadRoute>> = {
  service: byService,
  ingress: byIngress,
  gateway: byWeights('gateway'),
  'own-route': byWeights('own-route'),
  alb: byAction,
  traefik: byTraefikService,
  istio: byWeights('istio'),
};

function weightOf(objects: Parameters<ReadRoute>[0]): number {
  const { annotations = {} } = objects.get(`ingresses shop/${INGRESS}-canary`)?.metadata ?? {};
  if (annotations[`${PREFIX}/canary`] !== 'true') return 0;
  const weight = Number(annotations[`${PREFIX}/canary-weight`] ?? 0);
  return Number.isFinite(weight) ? Math.min(Math.max(weight, 0), 100) : 0;
}
