// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import { API_VERSION } from '../../../operator/api/group.ts';
import type { CanarySpec } from '../../../operator/api/canary.ts';
import {
  type DemoDeploymentOptions,
  demoDeployment,
  demoIngress,
  demoService,
} from '../../apps/manifests.ts';
import { imageOf } from './images.ts';
import { prometheusUrl } from './world.ts';

/** How traffic is split: by the annotations of an Ingress, or by the ratio of pods behind the Service. */
export type Mode = 'route' | 'ratio';

/** The name of everything in a story: Deployment, Service, Ingress and Canary. */
export const shop = 'shop';

export type Behaviour = Pick<DemoDeploymentOptions, 'errorRate' | 'neverReady' | 'startDelayMs'>;

/** What the app does on SIGTERM: break what is open, or finish it. */
export type Exit = 'immediate' | 'graceful';

export interface ShopOptions extends Behaviour {
  namespace: string;
  mode: Mode;
  version: string;
  replicas: number;
  exit?: Exit;
}

/** The Host header of a story's requests. */
export function hostOf(namespace: string): string {
  return `${namespace}.example.test`;
}

export function shopDeployment({
  version,
  exit = 'immediate',
  ...options
}: ShopOptions): ReturnType<typeof demoDeployment> {
  return demoDeployment({ ...options, name: shop, image: imageOf(version), version, exit });
}

/** What the user has before Headway comes. */
export function shopObjects(options: ShopOptions): object[] {
  const { namespace, mode } = options;
  const names = { name: shop, namespace };
  return [
    shopDeployment(options),
    demoService(names),
    ...(mode === 'route' ? [demoIngress({ ...names, host: hostOf(namespace), service: shop })] : []),
  ];
}

/** A spec as people write it: what has a default may be left out. */
export type CanarySpecInput = Partial<z.input<typeof CanarySpec>>;

/** How long a drained revision keeps its pods in a story. */
export const scaleDownDelaySeconds = 10;

/**
 * Short times, so that a story takes a minute; the rest is what the story is about. The drain is a third of the
 * default: on a machine so busy that a request takes three seconds, five of them were not enough.
 */
export function canaryObject(namespace: string, mode: Mode, spec: CanarySpecInput): object {
  return {
    apiVersion: API_VERSION,
    kind: 'Canary',
    metadata: { name: shop, namespace },
    spec: {
      targetRef: { kind: 'Deployment', name: shop },
      service: { name: shop },
      ...(mode === 'route' ? { traffic: { ingress: { name: shop } } } : {}),
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
