// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { type Resource, resources } from '../../../operator/kube/resources.ts';
import { NAMESPACE } from '../cluster/objects.ts';
import { ACTION, ACTION_AT_REST } from '../cluster/actions.ts';
import {
  CANARY_SERVICE,
  GATEWAY,
  HTTP_ROUTE,
  INGRESS,
  SERVICE,
  TRAEFIK_SERVICE,
  VIRTUAL_SERVICE,
} from '../cluster/names.ts';
import { configObjects, configSources } from './config.ts';
import type { BlueGreenSetup, Setup } from './story.ts';

const LABELS = { app: 'web' };

/** What the user has, and the Canary or the BlueGreen that the story begins with. */
export function initialObjects(setup: Setup) {
  return {
    target: { resource: resources.deployments, object: deployment(setup) },
    others: [
      { resource: resources.services, object: service() },
      ...routesOf(setup),
      ...configObjects(setup),
      { resource: resources.metricsProviders, object: metricsProvider() },
    ],
    rollout: {
      apiVersion: 'headway.dev/v1alpha1',
      kind: setup.blueGreen ? 'BlueGreen' : 'Canary',
      metadata: named('web'),
      spec: {
        targetRef: { kind: 'Deployment', name: 'web' },
        service: { name: SERVICE },
        ...trafficOf(setup),
        ...extrasOf(setup),
        ...(setup.blueGreen ? blueGreenSpec(setup, setup.blueGreen) : canarySpec(setup)),
        onNoData: setup.onNoData,
        noDataDeadline: '30s',
        progressDeadline: '1m',
        scaleDownDelay: `${setup.scaleDownDelayMs}ms`,
      },
    },
  } satisfies { target: Given; others: Given[]; rollout: KubeObject };
}

interface Given {
  readonly resource: Resource;
  readonly object: KubeObject;
}

/** The route of the user, where a story has one. */
export function routesOf({ router }: Setup): Given[] {
  if (router === 'ingress') return [{ resource: resources.ingresses, object: ingress({ number: 80 }) }];
  if (router === 'alb') return [{ resource: resources.ingresses, object: albIngress() }];
  if (router === 'traefik') return [{ resource: resources.traefikServices, object: traefikService() }];
  if (router === 'istio') {
    return [
      { resource: resources.virtualServices, object: virtualService() },
      { resource: resources.destinationRules, object: destinationRule() },
    ];
  }
  return router === 'gateway' ? [{ resource: resources.httpRoutes, object: httpRoute() }] : [];
}

function named(name: string): { namespace: string; name: string } {
  return { namespace: NAMESPACE, name };
}

function deployment(setup: Setup): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...named('web'), labels: LABELS },
    spec: {
      replicas: setup.replicas,
      selector: { matchLabels: LABELS },
      template: templateFor(setup.first ?? '1-good', setup),
    },
  };
}

function service(): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: named(SERVICE),
    spec: { type: 'ClusterIP', selector: LABELS, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
  };
}

function albIngress(): KubeObject {
  const made = ingress({ name: 'use-annotation' });
  return { ...made, metadata: { ...made.metadata, annotations: { [ACTION]: ACTION_AT_REST } } };
}

function ingress(port: object): KubeObject {
  const backend = { service: { name: SERVICE, port } };
  const http = { paths: [{ path: '/', pathType: 'Prefix', backend }] };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: named(INGRESS),
    spec: { rules: [{ host: 'shop.example.com', http }] },
  };
}

const PARENT = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: GATEWAY };

/** Beside the rule for the app one that Headway has no business with. */
function httpRoute(): KubeObject {
  const match = (value: string) => ({ path: { type: 'PathPrefix', value } });
  const backend = { group: '', kind: 'Service', port: 80, weight: 1 };
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: named(HTTP_ROUTE),
    spec: {
      parentRefs: [PARENT],
      hostnames: ['shop.example.com'],
      rules: [
        {
          matches: [match('/')],
          timeouts: { request: '10s' },
          backendRefs: [{ ...backend, name: SERVICE, weight: 7 }],
        },
        { matches: [match('/old')], filters: [REDIRECT], backendRefs: [] },
      ],
    },
  };
}

function traefikService(): KubeObject {
  return {
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'TraefikService',
    metadata: named(TRAEFIK_SERVICE),
    spec: { weighted: { services: [{ name: SERVICE, port: 80, scheme: 'http' }] } },
  };
}

/** Beside the http route for the app one that Headway has no business with. */
function virtualService(): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: named(VIRTUAL_SERVICE),
    spec: {
      hosts: ['shop.example.com'],
      http: [
        { match: [{ uri: { prefix: '/old' } }], redirect: { authority: 'old.example.com' } },
        { timeout: '10s', route: [{ destination: { host: SERVICE, port: { number: 80 } } }] },
      ],
    },
  };
}

function destinationRule(): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: named(SERVICE),
    spec: { host: SERVICE, trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } },
  };
}

const REDIRECT = {
  type: 'RequestRedirect',
  requestRedirect: { hostname: 'old.example.com', statusCode: 301 },
};

function metricsProvider(): KubeObject {
  return {
    apiVersion: 'headway.dev/v1alpha1',
    kind: 'MetricsProvider',
    metadata: { name: 'prometheus' },
    spec: { type: 'Prometheus', address: 'http://prometheus.monitoring:9090', timeout: '5s' },
  };
}

export function templateFor(tag: string, setup: Setup) {
  return {
    metadata: { labels: LABELS },
    spec: {
      containers: [
        {
          name: 'web',
          image: `shop/web:${tag}`,
          ports: [{ containerPort: 8080 }],
          ...configSources(setup),
        },
      ],
    },
  };
}

const CHECK = {
  name: 'success-rate',
  provider: 'prometheus',
  metric: 'request-success-rate',
  min: 95,
  interval: '5s',
  window: '30s',
};

function canarySpec(setup: Setup): Record<string, unknown> {
  const checks = [{ ...CHECK, failureLimit: 1 }];
  const judged = { analysis: { checks: [{ ...CHECK, count: 3, failureLimit: 1 }] } };
  return {
    steps: setup.analysis === 'step' ? [...setup.steps, judged] : setup.steps,
    ...(setup.analysis === 'background' ? { analysis: { checks } } : {}),
  };
}

/** The preview Service bears the name of the canary Service: one model of routes reads both. */
function blueGreenSpec(setup: Setup, { promotes, previewReplicas }: BlueGreenSetup): object {
  const isJudgedInBake = setup.analysis === 'background' && setup.bakeMs !== undefined;
  return {
    previewService: { name: CANARY_SERVICE },
    ...(previewReplicas === undefined ? {} : { previewReplicas }),
    ...(setup.analysis === 'step'
      ? { prePromotion: { checks: [{ ...CHECK, count: 3, failureLimit: 1 }] } }
      : {}),
    autoPromote: promotes !== 'a person',
    ...(typeof promotes === 'number' ? { autoPromoteAfter: `${promotes / 1000}s` } : {}),
    ...(isJudgedInBake ? { postPromotion: { checks: [{ ...CHECK, failureLimit: 1 }] } } : {}),
  };
}

function trafficOf({ router, settleMs, isMatched }: Setup): object {
  if (router === 'service') return {};
  const route = {
    ingress: { ingress: { name: INGRESS } },
    gateway: { gateway: { routes: [{ name: HTTP_ROUTE }] } },
    'own-route': { gateway: { template: { parentRefs: [{ name: GATEWAY }] } } },
    alb: { alb: { ingress: INGRESS } },
    traefik: { traefik: { service: TRAEFIK_SERVICE } },
    istio: { istio: { virtualServices: [{ name: VIRTUAL_SERVICE }] } },
  }[router];
  return {
    traffic: { ...route, settle: `${settleMs}ms` },
    ...(isMatched ? { match: [{ headers: { 'x-canary': { exact: 'always' } } }] } : {}),
  };
}

function extrasOf({ bakeMs, rollbackWindow, onFailure, releasePolicy, config, first }: Setup): object {
  return {
    ...(first === undefined ? {} : { firstDeploy: 'Judge' }),
    ...(bakeMs === undefined ? {} : { bake: { duration: `${bakeMs / 1000}s` } }),
    ...(rollbackWindow === undefined ? {} : { rollbackWindow: { revisions: rollbackWindow } }),
    ...(onFailure ? { onFailure } : {}),
    ...(releasePolicy ? { releasePolicy } : {}),
    ...(config ? { config: { configMaps: config, secrets: config } } : {}),
  };
}
