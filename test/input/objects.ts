// SPDX-License-Identifier: Apache-2.0
// A shop as a person has it; each part takes what a row of the table makes of it.
import { demoDeployment, demoIngress } from '../apps/manifests.ts';

const namespace = 'set-by-the-stand';

export function deployment(spec: object = {}, metadata: object = {}): object {
  const { spec: own, ...rest } = demoDeployment({ name: 'shop', namespace, image: 'shop:1', version: '1' });
  return { ...rest, metadata: { ...rest.metadata, ...metadata }, spec: { ...own, replicas: 0, ...spec } };
}

export function service(spec: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'shop' },
    spec: { selector: { app: 'shop' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }], ...spec },
  };
}

export function ingress(spec?: object, annotations?: Record<string, string> | null): object {
  const whole = demoIngress({ name: 'shop', namespace, host: 'shop.example.test', service: 'shop' });
  const metadata = { ...whole.metadata, ...(annotations === undefined ? {} : { annotations }) };
  return { ...whole, metadata, spec: spec ?? whole.spec };
}

/** Of 0 pods, because nobody here would start any; a Canary without `replicas` would not adopt a Deployment at 0. */
export function canary(spec: object = {}, metadata: object = {}): object {
  return {
    apiVersion: 'headway.dev/v1alpha1',
    kind: 'Canary',
    metadata: { name: 'shop', ...metadata },
    spec: {
      targetRef: { kind: 'Deployment', name: 'shop' },
      service: { name: 'shop' },
      replicas: 0,
      steps: [{ setWeight: 50 }, { pause: {} }],
      ...spec,
    },
  };
}

/** The same Deployment and Service, released in one move. */
export function blueGreen(spec: object = {}): object {
  return {
    apiVersion: 'headway.dev/v1alpha1',
    kind: 'BlueGreen',
    metadata: { name: 'shop' },
    spec: {
      targetRef: { kind: 'Deployment', name: 'shop' },
      service: { name: 'shop' },
      replicas: 0,
      autoPromote: false,
      ...spec,
    },
  };
}

/** The same under another name. */
export function named(object: object, name: string): object {
  const { metadata = {} } = object as { metadata?: object };
  return { ...object, metadata: { ...metadata, name } };
}

interface Labelled {
  readonly selector: Record<string, string>;
  readonly labels: Record<string, string>;
  readonly replicas: number;
}

/** A Deployment whose pods have these labels and no others. */
export function labelled(name: string, { selector, labels, replicas }: Labelled): object {
  const template = { metadata: { labels }, spec: { containers: [{ name, image: `${name}:1` }] } };
  return named(deployment({ replicas, selector: { matchLabels: selector }, template }), name);
}

interface RouteRule {
  readonly matches?: readonly object[];
  readonly backendRefs?: readonly object[];
}

export function httpRoute(
  rules: readonly RouteRule[] = [{ backendRefs: [{ name: 'shop', port: 80 }] }],
): object {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'shop' },
    spec: { parentRefs: [{ name: 'web' }], hostnames: ['shop.example.test'], rules },
  };
}

export function traefikService(services: readonly object[] = [{ name: 'shop', port: 80 }]): object {
  return {
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'TraefikService',
    metadata: { name: 'shop' },
    spec: { weighted: { services } },
  };
}

/** With one http route that takes everything to the Service, unless told otherwise. */
export function virtualService(
  routes: object = { http: [{ route: [{ destination: { host: 'shop' } }] }] },
): object {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'shop' },
    spec: { hosts: ['shop'], ...routes },
  };
}

export function destinationRule(spec: object = {}, name = 'shop'): object {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name },
    spec: { host: 'shop', ...spec },
  };
}
