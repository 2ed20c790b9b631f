// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { type DemoDeploymentOptions, demoDeployment, demoIngress, demoService } from './manifests.ts';

const base = {
  name: 'shop',
  namespace: 'team-a',
  image: 'localhost/headway-demo:abc',
  version: 'v1',
} as const;

function container(options: Partial<DemoDeploymentOptions> = {}) {
  return demoDeployment({ ...base, ...options }).spec.template.spec.containers[0];
}

function environment(options: Partial<DemoDeploymentOptions> = {}): Record<string, string> {
  return Object.fromEntries((container(options)?.env ?? []).map(({ name, value }) => [name, value]));
}

describe('demoDeployment', () => {
  it('runs the image as a restricted, unprivileged container that is probed every second', () => {
    expect(container()).toMatchObject({
      image: 'localhost/headway-demo:abc',
      imagePullPolicy: 'Never',
      ports: [
        { name: 'http', containerPort: 8080 },
        { name: 'admin', containerPort: 8081 },
      ],
      readinessProbe: { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 1 },
      resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
      securityContext: { runAsNonRoot: true, runAsUser: 65532, readOnlyRootFilesystem: true },
    });
  });

  it('annotates the pods for Prometheus', () => {
    expect(demoDeployment(base).spec.template.metadata.annotations).toEqual({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '8080',
      'prometheus.io/path': '/metrics',
    });
  });

  it.each<[string, Partial<DemoDeploymentOptions>, Record<string, string>]>([
    ['a plain version', {}, { VERSION: 'v1', ERROR_RATE: '0', EXIT: 'immediate' }],
    [
      'a bad version',
      { version: 'v2', errorRate: 0.3 },
      { VERSION: 'v2', ERROR_RATE: '0.3', EXIT: 'immediate' },
    ],
    [
      'a slow one that starts late',
      { latencyMs: 250, startDelayMs: 3000 },
      { VERSION: 'v1', ERROR_RATE: '0', EXIT: 'immediate', LATENCY_MS: '250', START_DELAY_MS: '3000' },
    ],
    ['a costly one', { cpuMs: 3 }, { VERSION: 'v1', ERROR_RATE: '0', EXIT: 'immediate', CPU_MS: '3' }],
    [
      'one that never gets ready',
      { neverReady: true },
      { VERSION: 'v1', ERROR_RATE: '0', EXIT: 'immediate', NEVER_READY: 'true' },
    ],
    [
      'a graceful one',
      { exit: 'graceful', drainMs: 700 },
      { VERSION: 'v1', ERROR_RATE: '0', EXIT: 'graceful', DRAIN_MS: '700' },
    ],
    [
      'a drain time without a graceful end',
      { drainMs: 700 },
      { VERSION: 'v1', ERROR_RATE: '0', EXIT: 'immediate' },
    ],
  ])('gives %s its environment', (_, options, expected) => {
    expect(environment(options)).toEqual(expected);
  });

  it.each<[string, Partial<DemoDeploymentOptions>, number]>([
    ['immediate', {}, 5],
    ['graceful with the default drain', { exit: 'graceful' }, 20],
    ['graceful with a long drain', { exit: 'graceful', drainMs: 20_100 }, 36],
  ])('outlives the end of the app: %s', (_, options, seconds) => {
    expect(demoDeployment({ ...base, ...options }).spec.template.spec.terminationGracePeriodSeconds).toBe(
      seconds,
    );
  });

  it('selects its own pods, whatever labels are added', () => {
    const { spec } = demoDeployment({ ...base, replicas: 2, labels: { team: 'a', app: 'other' } });
    expect(spec.replicas).toBe(2);
    expect(spec.selector.matchLabels).toEqual({ app: 'shop' });
    expect(spec.template.metadata.labels).toEqual({ app: 'shop', team: 'a' });
  });

  it('differs between two versions in the pod template only', () => {
    const [one, two] = [demoDeployment(base), demoDeployment({ ...base, version: 'v2' })];
    expect({ ...two, spec: { ...two.spec, template: one.spec.template } }).toEqual(one);
    expect(two.spec.template).not.toEqual(one.spec.template);
  });
});

describe('demoService', () => {
  it('selects the pods of the Deployment of its own name', () => {
    expect(demoService({ name: 'shop', namespace: 'team-a' })).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'shop', namespace: 'team-a', labels: { app: 'shop' } },
      spec: {
        selector: { app: 'shop' },
        ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
      },
    });
  });

  it('selects the pods of another Deployment when told so', () => {
    expect(demoService({ name: 'shop-web', namespace: 'team-a', app: 'shop' }).spec.selector).toEqual({
      app: 'shop',
    });
  });
});

describe('demoIngress', () => {
  it('routes a host to the Service through the class nginx', () => {
    expect(demoIngress({ name: 'shop', namespace: 'team-a', host: 'shop.example', service: 'shop' })).toEqual(
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'shop', namespace: 'team-a', annotations: {} },
        spec: {
          ingressClassName: 'nginx',
          rules: [
            {
              host: 'shop.example',
              http: {
                paths: [
                  {
                    path: '/',
                    pathType: 'Prefix',
                    backend: { service: { name: 'shop', port: { number: 80 } } },
                  },
                ],
              },
            },
          ],
        },
      },
    );
  });

  it('takes a class, a path and annotations', () => {
    const ingress = demoIngress({
      name: 'shop',
      namespace: 'team-a',
      host: 'shop.example',
      service: 'shop',
      className: 'traefik',
      path: '/cart',
      annotations: { 'example.com/owner': 'team-a' },
    });
    expect(ingress.spec.ingressClassName).toBe('traefik');
    expect(ingress.spec.rules[0]?.http.paths[0]?.path).toBe('/cart');
    expect(ingress.metadata.annotations).toEqual({ 'example.com/owner': 'team-a' });
  });
});
