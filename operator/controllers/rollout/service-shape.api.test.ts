// SPDX-License-Identifier: Apache-2.0
// That a canary Service is taken as it is written, and that what an API server fills in starts no write.
// oxlint-disable no-restricted-imports -- the garbage collector wants the owner, a Canary, to exist
import type { Rollout } from '../../engine/rollout/rollout.ts';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { usePlace } from '../../crd/use-place.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { resources } from '../../kube/resources.ts';
import { buildCanaryService } from './objects.ts';
import { observe } from './observe.ts';
import { projectService } from './service-projection.ts';
import { canaryFrom, storesWith } from './test-objects.ts';

const { services } = resources;
const PORTS = [{ name: 'http', port: 80 }];
const SELECTOR = { app: 'web' };

const place = usePlace();
let client: KubeClient;
let namespace = '';
let rollout: Rollout;

beforeEach(async () => {
  ({ client, namespace } = place);
  const given = canaryFrom();
  const { metadata: own, spec } = given;
  const { metadata: made } = await client.create<KubeObject>(resources.canaries, {
    apiVersion: 'headway.dev/v1alpha1',
    kind: 'Canary',
    metadata: { name: own.name, namespace },
    spec: { ...spec },
  });
  rollout = { ...given, metadata: { ...own, namespace, uid: made.uid ?? '' } };
});

interface Shape {
  spec?: object;
  annotations?: Record<string, string>;
}

async function createService({ spec, annotations = {} }: Shape): Promise<void> {
  await client.create(services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'checkout', namespace, annotations },
    spec: { selector: SELECTOR, ports: PORTS, ...spec },
  });
}

async function changeService(patch: Record<string, unknown>): Promise<void> {
  await client.mergePatch(services, { namespace, name: 'checkout' }, { patch, fieldManager: 'user' });
}

async function read(name: string): Promise<KubeObject[]> {
  try {
    return [await client.get(services, { namespace, name })];
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

/** Writes as long as a plan would see a reason to; returns how many writes that took. */
async function follow(): Promise<number> {
  for (let count = 0; count < 5; count++) {
    const [service] = await read('checkout');
    if (!service) throw new Error('there is no Service to follow');
    const stores = storesWith({ services: [service, ...(await read('checkout-canary'))] });
    const { canaryService } = observe(rollout, stores, { results: [] });
    if (canaryService?.revision === 'bbb' && !canaryService.outdated) return count;
    const built = buildCanaryService(rollout, projectService(service), 'bbb');
    await client.apply(services, built, { fieldManager: 'headway', force: true });
  }
  throw new Error('it takes more than 5 writes');
}

async function canaryService(): Promise<KubeObject> {
  const [service] = await read('checkout-canary');
  if (!service) throw new Error('there is no canary Service');
  return service;
}

const affinity = (timeoutSeconds: number) => ({
  sessionAffinity: 'ClientIP',
  sessionAffinityConfig: { clientIP: { timeoutSeconds } },
});

describe('a canary Service on a real API server', () => {
  it.each<[string, Shape, Record<string, unknown>]>([
    ['nothing but a port', {}, { spec: affinity(60) }],
    ['a node port', { spec: { type: 'NodePort' } }, { spec: { ports: [{ name: 'http', port: 81 }] } }],
    [
      'a load balancer',
      {
        spec: {
          type: 'LoadBalancer',
          externalTrafficPolicy: 'Local',
          loadBalancerSourceRanges: ['192.0.2.0/24'],
        },
      },
      { spec: { internalTrafficPolicy: 'Local' } },
    ],
    ['session affinity', { spec: affinity(60) }, { spec: affinity(90) }],
    [
      'session affinity that ends',
      { spec: affinity(60) },
      { spec: { sessionAffinity: 'None', sessionAffinityConfig: null } },
    ],
    [
      'both address families',
      { spec: { ipFamilyPolicy: 'PreferDualStack' } },
      { spec: { trafficDistribution: 'PreferClose' } },
    ],
    [
      'a traffic distribution',
      { spec: { trafficDistribution: 'PreferClose' } },
      { spec: { trafficDistribution: null } },
    ],
    [
      'addresses that are not ready',
      { spec: { publishNotReadyAddresses: true } },
      { spec: { publishNotReadyAddresses: false } },
    ],
    [
      'several ports and protocols',
      { spec: { ports: [...PORTS, { name: 'dns', port: 53, protocol: 'UDP', targetPort: 'dns' }] } },
      { spec: { ports: [{ ...PORTS[0], appProtocol: 'kubernetes.io/h2c' }] } },
    ],
    [
      'annotations',
      { annotations: { 'traefik.ingress.kubernetes.io/service.serversscheme': 'https' } },
      { metadata: { annotations: { 'traefik.ingress.kubernetes.io/service.serversscheme': null } } },
    ],
  ])('with %s takes one write, and one after each change', async (_what, shape, change) => {
    await createService(shape);
    expect(await follow()).toBe(1);
    await expectSame();
    await changeService(change);
    expect(await follow()).toBe(1);
    await expectSame();
    expect(await follow()).toBe(0);
  });

  it('is not written again for what others do to it or to the rest of the Service', async () => {
    await createService({});
    await follow();
    await changeService({
      metadata: { annotations: { 'example.com/owner': 'shop' } },
      spec: { type: 'NodePort' },
    });
    const patch = { metadata: { labels: { team: 'shop' } }, spec: { internalTrafficPolicy: 'Local' } };
    await client.mergePatch(
      services,
      { namespace, name: 'checkout-canary' },
      { patch, fieldManager: 'webhook' },
    );
    expect(await follow()).toBe(0);
  });

  it('written again as it was is not changed', async () => {
    await createService({ spec: affinity(60) });
    await follow();
    const before = await canaryService();
    const [service] = await read('checkout');
    const built = buildCanaryService(rollout, projectService(service ?? before), 'bbb');
    await client.apply(services, built, { fieldManager: 'headway', force: true });
    expect((await canaryService()).metadata.resourceVersion).toBe(before.metadata.resourceVersion);
  });
});

describe('a canary Service behind an ALB, on a real API server', () => {
  beforeEach(() => {
    rollout = { ...rollout, spec: { ...rollout.spec, traffic: { alb: ALB } } };
  });

  it('gets and loses ports on the nodes as the Service does, in one write each', async () => {
    await createService({ spec: { type: 'NodePort', externalTrafficPolicy: 'Local' } });
    expect(await follow()).toBe(1);
    expect(await reach()).toEqual({ type: 'NodePort', policy: 'Local', hasPort: true });
    expect(await follow()).toBe(0);
    const ports = (await canaryService())['spec'];
    await changeService({ spec: { sessionAffinity: 'ClientIP' } });
    expect(await follow()).toBe(1);
    expect((await canaryService())['spec']).toMatchObject({ ports: (ports as { ports: object[] }).ports });
    await changeService({ spec: { type: 'ClusterIP', externalTrafficPolicy: null } });
    expect(await follow()).toBe(1);
    expect(await reach()).toEqual({ type: 'ClusterIP', policy: undefined, hasPort: false });
    await changeService({ spec: { type: 'LoadBalancer' } });
    expect(await follow()).toBe(1);
    expect(await reach()).toEqual({ type: 'NodePort', policy: 'Cluster', hasPort: true });
  });
});

const ALB = { ingress: 'web', annotationPrefix: 'alb.ingress.kubernetes.io' };

async function reach() {
  const { type, externalTrafficPolicy: policy } = projectService(await canaryService());
  return { type, policy, hasPort: JSON.stringify((await canaryService())['spec']).includes('"nodePort"') };
}

/** Projected, the two differ in what is of one Service alone. */
async function expectSame(): Promise<void> {
  const [service] = (await read('checkout')).map(projectService);
  const { shape, ports, type } = projectService(await canaryService());
  expect(shape).toEqual(service?.shape);
  expect(ports).toEqual(
    service?.ports.map((port) =>
      Object.fromEntries(Object.entries(port).filter(([key]) => key !== 'nodePort')),
    ),
  );
  expect(type).toBe('ClusterIP');
}
