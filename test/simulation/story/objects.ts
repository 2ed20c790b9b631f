// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { NAMESPACE } from '../cluster/objects.ts';
import { INGRESS, SERVICE } from '../cluster/routes.ts';
import type { Setup } from './story.ts';

const LABELS = { app: 'web' };

/** What the user has before the story begins, and the Canary that it begins with. */
export function initialObjects(setup: Setup) {
  const named = (name: string) => ({ namespace: NAMESPACE, name });
  return {
    deployments: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...named('web'), labels: LABELS },
      spec: { replicas: setup.replicas, selector: { matchLabels: LABELS }, template: templateFor('1-good') },
    },
    services: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: named(SERVICE),
      spec: { type: 'ClusterIP', selector: LABELS, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    },
    ingresses: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: named(INGRESS),
      spec: {
        rules: [
          {
            host: 'shop.example.com',
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name: SERVICE, port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
    },
    metricsProviders: {
      apiVersion: 'headway.dev/v1alpha1',
      kind: 'MetricsProvider',
      metadata: { name: 'prometheus' },
      spec: { type: 'Prometheus', address: 'http://prometheus.monitoring:9090', timeout: '5s' },
    },
    canary: {
      apiVersion: 'headway.dev/v1alpha1',
      kind: 'Canary',
      metadata: named('web'),
      spec: canarySpec(setup),
    },
  } satisfies Record<string, KubeObject>;
}

export function templateFor(tag: string) {
  return {
    metadata: { labels: LABELS },
    spec: { containers: [{ name: 'web', image: `shop/web:${tag}`, ports: [{ containerPort: 8080 }] }] },
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
    targetRef: { kind: 'Deployment', name: 'web' },
    service: { name: SERVICE },
    ...(setup.router === 'ingress'
      ? { traffic: { ingress: { name: INGRESS }, settle: `${setup.settleMs}ms` } }
      : {}),
    steps: setup.analysis === 'step' ? [...setup.steps, judged] : setup.steps,
    ...(setup.analysis === 'background' ? { analysis: { checks } } : {}),
    onNoData: setup.onNoData,
    noDataDeadline: '30s',
    progressDeadline: '1m',
    scaleDownDelay: `${setup.scaleDownDelayMs}ms`,
  };
}
