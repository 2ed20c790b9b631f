// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { AlbTraffic } from './alb.ts';
import { Duration } from './duration.ts';
import { GatewayTraffic } from './gateway.ts';
import { IstioTraffic } from './istio.ts';
import { AnnotationPrefix, ObjectName } from './names.ts';
import { exactlyOneOf, withRules } from './rules.ts';

export const IngressTraffic = z.object({
  name: ObjectName(
    'Name of the Ingress that routes to the Service. It is read, never written: a second one, <name>-canary, carries the weight.',
  ),
  annotationPrefix: AnnotationPrefix('nginx.ingress.kubernetes.io')
    .default('nginx.ingress.kubernetes.io')
    .describe(
      'Prefix of the canary annotations that the ingress controller reads. Default: nginx.ingress.kubernetes.io.',
    ),
});
export type IngressTraffic = z.infer<typeof IngressTraffic>;

export const TraefikTraffic = z.object({
  service: ObjectName(
    'Name of your TraefikService (traefik.io/v1alpha1) in this namespace, with weighted.services. Only entries that name the Service are changed, only while a release is on its way; then they are as they were.',
  ),
});
export type TraefikTraffic = z.infer<typeof TraefikTraffic>;

/** The fields of which each names a way to split; one of them is set. */
export const ROUTER_NAMES = ['ingress', 'gateway', 'traefik', 'alb', 'istio'] as const;
export type RouterName = (typeof ROUTER_NAMES)[number];

export const Traffic = withRules(
  z.object({
    ingress: IngressTraffic.optional().describe(
      'Split the traffic by the canary annotations of an Ingress. Exactly one of the ways to split is set.',
    ),
    gateway: GatewayTraffic.optional().describe(
      'Split the traffic by the weights of routes of the Gateway API. Exactly one of the ways to split is set.',
    ),
    traefik: TraefikTraffic.optional().describe(
      'Split the traffic by the weights of a TraefikService. Exactly one of the ways to split is set.',
    ),
    alb: AlbTraffic.optional().describe(
      'Split the traffic by an action of the AWS Load Balancer Controller. Exactly one of the ways to split is set.',
    ),
    istio: IstioTraffic.optional().describe(
      'Split the traffic by the weights of VirtualServices of Istio. Exactly one of the ways to split is set.',
    ),
    settle: Duration({ min: '0s', max: '10m' })
      .optional()
      .describe(
        'How long after a change of the route its data plane surely follows it, from 0s to 10m; longer than the throttle of the controller. Default: 5s; behind alb 60s.',
      ),
  }),
  [exactlyOneOf(...ROUTER_NAMES)],
);
export type Traffic = z.infer<typeof Traffic>;

const SETTLE = '5s';

/**
 * A load balancer hears of a change by calls of AWS, and sends requests to a pod when its first health check has passed,
 * which the AWS Load Balancer Controller makes every 15 s by default.
 */
const ALB_SETTLE = '60s';

/** The settle time that is meant. */
export function settleOf({ settle, alb }: Pick<Traffic, 'settle' | 'alb'>): string {
  return settle ?? (alb ? ALB_SETTLE : SETTLE);
}
