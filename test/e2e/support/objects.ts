// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import { API_VERSION } from '../../../operator/api/group.ts';
import type { BlueGreenSpec } from '../../../operator/api/blue-green.ts';
import type { CanarySpec } from '../../../operator/api/canary.ts';
import type { RolloutKind } from '../../../operator/engine/rollout/rollout.ts';
import {
  type DemoDeploymentOptions,
  demoDeployment,
  demoHttpRoute,
  demoIngress,
  demoIngressRoute,
  demoService,
  demoTraefikService,
} from '../../apps/manifests.ts';
import { configObject, readingConfig } from './config.ts';
import { imageOf } from './images.ts';
import { prometheusUrl } from './world.ts';

/**
 * How traffic is split: by the annotations of an Ingress, by the weights of the user's HTTPRoute, or by the ratio of
 * pods behind the Service. Every story is told so.
 */
export const modes = ['route', 'gateway', 'ratio'] as const;
export type UsualMode = (typeof modes)[number];
/** Besides, by the weights of the user's TraefikService: for stories of how a release goes and ends. */
export const allModes = [...modes, 'traefik'] as const;
export type Mode = (typeof allModes)[number];

/** The name of everything in a story: Deployment, Service, what routes to it, and Canary. */
export const shop = 'shop';

export type Behaviour = Pick<DemoDeploymentOptions, 'errorRate' | 'neverReady' | 'startDelayMs' | 'cpuMs'>;

/** What the app does on SIGTERM: break what is open, or finish it. */
export type Exit = 'immediate' | 'graceful';

export interface ShopOptions extends Behaviour {
  namespace: string;
  mode: Mode;
  version: string;
  replicas: number;
  exit?: Exit;
  /** The HTTPRoute is Headway's to make. */
  ownRoute?: boolean;
  /** Variables that the app reads from a ConfigMap. */
  config?: Readonly<Record<string, string>>;
}

/** The Host header of a story's requests; its domain is the story's own too. */
export function hostOf(namespace: string): string {
  return `shop.${namespace}.test`;
}

export function shopDeployment({
  version,
  exit = 'immediate',
  ...options
}: ShopOptions): ReturnType<typeof demoDeployment> {
  return demoDeployment({ ...options, name: shop, image: imageOf(version), version, exit });
}

/** An object that a story needs besides. */
export interface Besides {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** What the user has before Headway comes. */
export function shopObjects(options: ShopOptions): object[] {
  const { namespace, mode, ownRoute = false, config } = options;
  const names = { name: shop, namespace };
  const deployment = shopDeployment(options);
  return [
    ...(config ? [configObject(namespace, config), readingConfig(deployment, config)] : [deployment]),
    demoService(names),
    ...(mode === 'route' ? [demoIngress({ ...names, host: hostOf(namespace), service: shop })] : []),
    ...(mode === 'gateway' && !ownRoute ? [shopRoute(namespace)] : []),
    ...(mode === 'traefik'
      ? [demoTraefikService(names), demoIngressRoute({ ...names, host: hostOf(namespace) })]
      : []),
  ];
}

/** The user's HTTPRoute: a rule that is none of Headway's business, and one with more in it than a backend. */
export function shopRoute(namespace: string) {
  const route = demoHttpRoute({ name: shop, namespace, host: hostOf(namespace), backends: [{ name: shop }] });
  const moved = {
    matches: [{ path: { type: 'PathPrefix', value: '/moved' } }],
    filters: [{ type: 'RequestRedirect', requestRedirect: { hostname: 'elsewhere.test', statusCode: 302 } }],
  };
  const header = { name: 'X-Shop', value: namespace };
  const filters = [{ type: 'RequestHeaderModifier', requestHeaderModifier: { set: [header] } }];
  const timeouts = { request: '30s' };
  const rules = [moved, ...route.spec.rules.map((rule) => ({ ...rule, filters, timeouts }))];
  return { ...route, spec: { ...route.spec, rules } };
}

/** The part of a spec that names what splits the traffic. */
export const trafficBy: Readonly<Record<Mode, Pick<CanarySpecInput, 'traffic'>>> = {
  route: { traffic: { ingress: { name: shop } } },
  gateway: { traffic: { gateway: { routes: [{ kind: 'HTTPRoute', name: shop }] } } },
  traefik: { traffic: { traefik: { service: shop } } },
  ratio: {},
};

/** A spec as people write it: what has a default may be left out. */
export type CanarySpecInput = Partial<z.input<typeof CanarySpec>>;

export type BlueGreenSpecInput = Partial<z.input<typeof BlueGreenSpec>>;
export type SpecInput = CanarySpecInput | BlueGreenSpecInput;

/** How long a drained revision keeps its pods in a story. */
export const scaleDownDelaySeconds = 10;

/**
 * Short times, so that a story takes a minute; the rest is what the story is about. The drain is a third of the
 * default: on a machine so busy that a request takes three seconds, five of them were not enough.
 */
export function canaryObject(namespace: string, mode: Mode, spec: CanarySpecInput): object {
  return rolloutObject('Canary', { namespace, mode, spec });
}

/** As canaryObject, of any kind. */
export function rolloutObject(
  kind: RolloutKind,
  { namespace, mode, spec }: { namespace: string; mode: Mode; spec: SpecInput },
): object {
  return {
    apiVersion: API_VERSION,
    kind,
    metadata: { name: shop, namespace },
    spec: {
      targetRef: { kind: 'Deployment', name: shop },
      service: { name: shop },
      ...trafficBy[mode],
      progressDeadline: '60s',
      scaleDownDelay: `${scaleDownDelaySeconds}s`,
      ...spec,
    },
  };
}

/** Success rate of the pods of the judged revision, measured each second over the last ten. */
export const successRate = {
  name: 'success-rate',
  provider: 'prometheus',
  metric: 'request-success-rate',
  source: 'http',
  min: 95,
  window: '10s',
  interval: '1s',
  minRequests: 20,
  failureLimit: 1,
} as const;

export const metricsProvider = {
  apiVersion: API_VERSION,
  kind: 'MetricsProvider',
  metadata: { name: 'prometheus' },
  spec: { type: 'Prometheus', address: prometheusUrl, timeout: '3s' },
};
