// SPDX-License-Identifier: Apache-2.0
import type { ReadRoute } from './data-plane.ts';

export const SERVICE = 'checkout';
export const CANARY_SERVICE = 'checkout-canary';
export const INGRESS = 'shop';
const PREFIX = 'nginx.ingress.kubernetes.io';

/** kube-proxy: all requests go to the pods behind the Service. */
export const byService: ReadRoute = () => new Map([[SERVICE, 100]]);

/**
 * An Ingress controller that reads canary annotations, as Traefik does it: while the canary's Service has no ready
 * endpoint the canary Ingress is left out as a whole.
 */
export const byIngress: ReadRoute = (objects, ready) => {
  if (!objects.has(`ingresses shop/${INGRESS}`)) return new Map([[SERVICE, 100]]);
  const weight = ready.has(CANARY_SERVICE) ? weightOf(objects) : 0;
  return new Map([
    ...(weight < 100 ? ([[SERVICE, 100 - weight]] as const) : []),
    ...(weight > 0 ? ([[CANARY_SERVICE, weight]] as const) : []),
  ]);
};

function weightOf(objects: Parameters<ReadRoute>[0]): number {
  const { annotations = {} } = objects.get(`ingresses shop/${INGRESS}-canary`)?.metadata ?? {};
  if (annotations[`${PREFIX}/canary`] !== 'true') return 0;
  const weight = Number(annotations[`${PREFIX}/canary-weight`] ?? 0);
  return Number.isFinite(weight) ? Math.min(Math.max(weight, 0), 100) : 0;
}
