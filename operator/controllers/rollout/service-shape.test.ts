// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { buildCanaryService, canaryServiceHash } from './objects.ts';
import { projectService } from './service-projection.ts';
import { CANARY, canaryFrom, fromYaml, SERVICE } from './test-objects.ts';
import type { AppliedObject } from '../../kube/client.ts';
import type { KubeObject } from '../../kube/objects.ts';

interface More {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  spec?: Record<string, unknown>;
}

function serviceWith({ spec, ...metadata }: More): KubeObject {
  const service = fromYaml(SERVICE);
  return {
    ...service,
    metadata: { ...service.metadata, ...metadata },
    spec: { ...(service['spec'] as object), ...spec },
  };
}

function canaryServiceOf(more: More): AppliedObject {
  return buildCanaryService(canaryFrom(), projectService(serviceWith(more)), 'bbb');
}

const COPIED: [string, More][] = [
  [
    'session affinity',
    { spec: { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } } } },
  ],
  ['address families', { spec: { ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv6', 'IPv4'] } }],
  ['an internal traffic policy', { spec: { internalTrafficPolicy: 'Local' } }],
  ['a traffic distribution', { spec: { trafficDistribution: 'PreferClose' } }],
  ['addresses that are not ready', { spec: { publishNotReadyAddresses: true } }],
  ['another proxy', { labels: { 'service.kubernetes.io/service-proxy-name': 'cilium' } }],
  ['topology', { annotations: { 'service.kubernetes.io/topology-mode': 'Auto' } }],
  ['topology by its old name', { annotations: { 'service.kubernetes.io/topology-aware-hints': 'auto' } }],
  [
    'what Traefik speaks',
    { annotations: { 'traefik.ingress.kubernetes.io/service.serversscheme': 'https' } },
  ],
  ['what HAProxy speaks', { annotations: { 'haproxy.org/server-ssl': 'true' } }],
  ['what Kong speaks', { annotations: { 'konghq.com/protocol': 'grpc' } }],
  ['what Contour speaks', { annotations: { 'projectcontour.io/upstream-protocol.h2c': 'http' } }],
  ['how an ALB looks at health', { annotations: { 'alb.ingress.kubernetes.io/healthcheck-path': '/ready' } }],
  ['what GKE speaks', { annotations: { 'cloud.google.com/app-protocols': '{"http":"HTTP2"}' } }],
];

const OWN: [string, More][] = [
  ['its type and node ports', { spec: { type: 'LoadBalancer', healthCheckNodePort: 30000 } }],
  [
    'its addresses',
    { spec: { clusterIP: '10.0.0.9', clusterIPs: ['10.0.0.9'], externalIPs: ['192.0.2.1'] } },
  ],
  [
    'its load balancer',
    {
      spec: {
        loadBalancerClass: 'x',
        loadBalancerIP: '192.0.2.1',
        loadBalancerSourceRanges: ['0.0.0.0/0'],
        allocateLoadBalancerNodePorts: true,
      },
    },
  ],
  ['the policy of traffic from outside', { spec: { externalTrafficPolicy: 'Local' } }],
  ['a DNS name', { annotations: { 'external-dns.alpha.kubernetes.io/hostname': 'shop.example' } }],
  ['what a monitor scrapes', { annotations: { 'prometheus.io/scrape': 'true' }, labels: { app: 'web' } }],
  [
    'tracking',
    {
      annotations: {
        'argocd.argoproj.io/tracking-id': 'x',
        'kubectl.kubernetes.io/last-applied-configuration': '{}',
      },
      labels: { 'app.kubernetes.io/instance': 'shop' },
    },
  ],
  ['what a cloud reports', { annotations: { 'cloud.google.com/neg-status': '{}' } }],
  ['fields of a newer API server', { spec: { somethingNew: 'x' } }],
];

describe('a canary Service', () => {
  it.each(COPIED)('has %s of the Service', (_what, more) => {
    const { metadata, spec } = canaryServiceOf(more);
    expect({ ...metadata, spec }).toMatchObject(more);
    expect(hashOf(more)).not.toBe(hashOf({}));
  });

  it.each(OWN)('has not %s of the Service', (_what, more) => {
    expect(canaryServiceOf(more)).toEqual(canaryServiceOf({}));
    expect(hashOf(more)).toBe(hashOf({}));
  });

  it('keeps its own labels, whatever the Service has', () => {
    const labels = { 'headway.dev/role': 'mine', 'app.kubernetes.io/managed-by': 'Helm' };
    expect(canaryServiceOf({ labels }).metadata['labels']).toEqual({
      'app.kubernetes.io/managed-by': 'headway',
      'headway.dev/canary': 'web',
      'headway.dev/role': 'canary-service',
    });
  });
});

describe('a canary Service behind an ALB', () => {
  const behindAlb = canaryFrom(`${CANARY}  traffic: {alb: {ingress: web}}\n`);
  const specIn = (spec: Record<string, unknown>) =>
    buildCanaryService(behindAlb, projectService(serviceWith({ spec })), 'bbb')['spec'] as object;

  it.each([
    ['NodePort', { type: 'NodePort' }, { type: 'NodePort' }],
    ['LoadBalancer', { type: 'LoadBalancer' }, { type: 'NodePort' }],
    [
      'NodePort with a policy',
      { type: 'NodePort', externalTrafficPolicy: 'Local' },
      { type: 'NodePort', externalTrafficPolicy: 'Local' },
    ],
    ['ClusterIP', { type: 'ClusterIP' }, { type: 'ClusterIP' }],
  ])('has a port on the nodes where the Service has one: %s', (_type, spec, expected) => {
    expect(specIn(spec)).toMatchObject(expected);
    expect(JSON.stringify(specIn(spec))).not.toContain('"nodePort"');
  });

  it('is written anew when the Service gets one', () => {
    const hashes = ['ClusterIP', 'NodePort'].map((type) =>
      canaryServiceHash(behindAlb, projectService(serviceWith({ spec: { type } })), 'bbb'),
    );
    expect(hashes[0]).not.toBe(hashes[1]);
  });
});

describe('the hash of what was written', () => {
  it.each<[string, More]>([
    ['a port', { spec: { ports: [{ port: 81 }] } }],
    ['an app protocol', { spec: { ports: [{ port: 80, appProtocol: 'kubernetes.io/h2c' }] } }],
    ['the selector', { spec: { selector: { app: 'other' } } }],
  ])('changes with %s', (_what, more) => {
    expect(hashOf(more)).not.toBe(hashOf({}));
  });

  it('is the same for another order of keys, other node ports and another pin', () => {
    const turned = { spec: { sessionAffinity: 'None', internalTrafficPolicy: 'Cluster' } };
    const same = { spec: { internalTrafficPolicy: 'Cluster', sessionAffinity: 'None' } };
    expect(hashOf(turned)).toBe(hashOf(same));
    expect(hashOf({ spec: { selector: { app: 'web', 'headway.dev/revision': 'aaa' } } })).toBe(hashOf({}));
    const nodePorts = projectService(fromYaml(SERVICE.replace('30080', '30081')));
    expect(canaryServiceHash(canaryFrom(), nodePorts, 'bbb')).toBe(hashOf({}));
  });

  it('is worked out once for a Service that stays as it is, and anew for another revision', () => {
    const { shape, ...service } = projectService(serviceWith({}));
    let reads = 0;
    const watched = {
      ...service,
      get shape() {
        reads += 1;
        return shape;
      },
    };
    const ask = (revision: string) => canaryServiceHash(canaryFrom(), watched, revision);
    const first = ask('bbb');
    const afterFirst = reads;
    expect([first, ask('bbb')]).toEqual([hashOf({}), hashOf({})]);
    expect(reads).toBe(afterFirst);
    expect(ask('ccc')).not.toBe(first);
    expect(ask('bbb')).toBe(first);
  });
});

function hashOf(more: More): string {
  return canaryServiceHash(canaryFrom(), projectService(serviceWith(more)), 'bbb');
}
