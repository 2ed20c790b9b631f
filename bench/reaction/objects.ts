// SPDX-License-Identifier: Apache-2.0
import { API_VERSION } from '../../operator/api/group.ts';
import { demoDeployment, demoIngress, demoService } from '../../test/apps/manifests.ts';

export const shop = 'shop';
export const weight = 20;
/** Half of the bad version's answers, so that bad answers compare with those of the other tools. */
export const errorRate = 0.5;
const prometheusUrl = 'http://198.18.0.1:9090';

export const metricsProvider = {
  apiVersion: API_VERSION,
  kind: 'MetricsProvider',
  metadata: { name: 'prometheus' },
  spec: { type: 'Prometheus', address: prometheusUrl, timeout: '3s' },
};

export function hostOf(namespace: string): string {
  return `${namespace}.example.test`;
}

export function deploymentOf(namespace: string, image: string, version: 'good' | 'bad'): object {
  const rate = version === 'bad' ? errorRate : 0;
  return demoDeployment({ name: shop, namespace, image, version, errorRate: rate, replicas: 4 });
}

/** An app behind an Ingress, and a Canary that stays at 20 % and judges the success rate at an interval. */
export function objectsOf(namespace: string, image: string, interval: string) {
  const name = { name: shop, namespace };
  const check = {
    name: 'success-rate',
    provider: metricsProvider.metadata.name,
    metric: 'request-success-rate',
    min: 95,
    window: '10s',
    interval,
  };
  return {
    deployment: deploymentOf(namespace, image, 'good'),
    service: demoService(name),
    ingress: demoIngress({ ...name, host: hostOf(namespace), service: shop }),
    canary: {
      apiVersion: API_VERSION,
      kind: 'Canary',
      metadata: name,
      spec: {
        targetRef: { kind: 'Deployment', name: shop },
        service: { name: shop },
        traffic: { ingress: { name: shop } },
        scaleDownDelay: '5s',
        steps: [{ setWeight: weight }, { pause: { duration: '5m' } }],
        analysis: { checks: [check] },
      },
    },
  };
}
