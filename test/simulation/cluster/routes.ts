// SPDX-License-Identifier: Apache-2.0
import type { Setup } from '../story/story.ts';
import { readAction } from './actions.ts';
import type { ReadRoute } from './data-plane.ts';
import { readRoute } from './http-routes.ts';
import { CANARY_SERVICE, HTTP_ROUTE, INGRESS, OWN_ROUTE, SERVICE } from './names.ts';

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
 * A Gateway: the weights of the rules, whether the Services behind them have pods or not; a share without a pod is
 * answered with 503 (Gateway API, HTTPBackendRef). Without the route requests come by the Service.
 */
function byGateway(name: string): ReadRoute {
  return (objects) => {
    const route = objects.get(`httproutes shop/${name}`);
    if (!route) return new Map([[SERVICE, 100]]);
    const { weights, isChosen } = readRoute(route);
    const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
    const percents = new Map<string, number>();
    for (const [service, weight] of weights) if (weight > 0) percents.set(service, (100 * weight) / total);
    if (isChosen) percents.set(CANARY_SERVICE, (percents.get(CANARY_SERVICE) ?? 0) + CHOSEN_PERCENT);
    return percents;
  };
}

/**
 * A load balancer of AWS: the weights of the target groups, whether they have targets or not. Without the
 * Ingress requests come by the Service.
 */
const byAction: ReadRoute = (objects) => {
  const weights = readAction(objects.get(`ingresses shop/${INGRESS}`));
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return new Map([[SERVICE, 100]]);
  return new Map([...weights].map(([service, weight]) => [service, (100 * weight) / total]));
};

export const ROUTES: Readonly<Record<Setup['router'], ReadRoute>> = {
  service: byService,
  ingress: byIngress,
  gateway: byGateway(HTTP_ROUTE),
  'own-route': byGateway(OWN_ROUTE),
  alb: byAction,
};

function weightOf(objects: Parameters<ReadRoute>[0]): number {
  const { annotations = {} } = objects.get(`ingresses shop/${INGRESS}-canary`)?.metadata ?? {};
  if (annotations[`${PREFIX}/canary`] !== 'true') return 0;
  const weight = Number(annotations[`${PREFIX}/canary-weight`] ?? 0);
  return Number.isFinite(weight) ? Math.min(Math.max(weight, 0), 100) : 0;
}
