// SPDX-License-Identifier: Apache-2.0
import type { Canary } from '../../api/kinds.ts';
import { canaryServiceName } from '../../engine/canary/names.ts';
import { canaryIngressName } from '../../providers/traffic/ingress/canary-ingress.ts';
import { ingressRouter } from '../../providers/traffic/ingress/router.ts';
import type { RouteFacts, RouteWrite } from '../../providers/traffic/types.ts';
import type { CanaryStores } from './stores.ts';

/** The router of one Canary over the snapshots of one moment. */
export interface BoundRouter {
  observe(): RouteFacts;
  planWeight(weight: number): readonly RouteWrite[];
  planCleanup(): readonly RouteWrite[];
}

/** The router that the Canary asks for; undefined where the pods behind the Service are the split. */
export function bindRouter(canary: Canary, stores: CanaryStores): BoundRouter | undefined {
  const { metadata, spec } = canary;
  const { ingress } = spec.traffic ?? {};
  if (!ingress) return undefined;
  const { namespace } = metadata;
  const target = {
    namespace,
    canary: { name: metadata.name, uid: metadata.uid },
    service: spec.service.name,
    canaryService: canaryServiceName(spec.service.name),
    ingressName: ingress.name,
    annotationPrefix: ingress.annotationPrefix,
    ingress: stores.ingresses.get(`${namespace}/${ingress.name}`),
    canaryIngress: stores.ingresses.get(`${namespace}/${canaryIngressName(ingress.name)}`),
    neighbours: stores.ingresses.list(namespace),
  };
  return {
    observe: () => ingressRouter.observe(target),
    planWeight: (weight) => ingressRouter.planWeight(target, weight),
    planCleanup: () => ingressRouter.planCleanup(target),
  };
}
