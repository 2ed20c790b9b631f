// SPDX-License-Identifier: Apache-2.0
// What the router takes for granted about Traefik's CRD, asked of a real API server: what it keeps, who owns the list,
// and that a patch of an older version is refused.
// oxlint-disable no-restricted-imports -- the CRDs come with the test cluster
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { FIELD_MANAGER } from '../../../api/group.ts';
import { kubectl } from '../../../crd/test-server.ts';
import { usePlace } from '../../../crd/use-place.ts';
import type { KubeObject } from '../../../kube/objects.ts';
import { resources } from '../../../kube/resources.ts';
import { installTraefikCrds } from '../../../../test/cluster/traefik-crds.ts';
import { performAll } from '../test-writes.ts';
import { traefikRouter } from './router.ts';
import { projectTraefikService, type TraefikTarget } from './schema.ts';
import { SHAPES } from './service-shapes.ts';

const place = usePlace(async () => {
  await installTraefikCrds(kubectl);
});

const resource = resources.traefikServices;

/** As GitOps makes it, from the YAML of its spec; the namespace that a shape names is that of the test. */
function apply(spec: string, fieldManager = 'gitops'): Promise<KubeObject> {
  const { namespace, client } = place;
  const object = {
    metadata: { name: 'web', namespace },
    spec: parse(spec.replaceAll('namespace: shop', `namespace: ${namespace}`)) as object,
  };
  return client.apply(resource, object, { fieldManager, force: true });
}

function live(): Promise<KubeObject> {
  return place.client.get(resource, { namespace: place.namespace, name: 'web' });
}

async function target(): Promise<TraefikTarget> {
  return {
    namespace: place.namespace,
    canary: { kind: 'Canary', name: 'checkout', uid: 'uid' },
    service: 'checkout',
    canaryService: 'checkout-canary',
    match: [],
    name: 'web',
    found: projectTraefikService(await live()),
    isServed: true,
  };
}

function bringTo(weight: number): Promise<number> {
  return performAll(place, async () => traefikRouter.planWeight(await target(), { weight }));
}

function rest(): Promise<number> {
  return performAll(place, async () => traefikRouter.planRest(await target()));
}

async function observed() {
  return traefikRouter.observe(await target());
}

/** What a user can see of it; bookkeeping aside. */
function textOf({ spec, metadata: { annotations, labels } }: KubeObject): string {
  return JSON.stringify({ spec, annotations, labels });
}

async function weights(): Promise<string> {
  const { weighted } = (await live())['spec'] as {
    weighted: { services: { name: string; weight?: number }[] };
  };
  return weighted.services.map(({ name, weight }) => `${name} ${weight ?? '-'}`).join(', ');
}

describe.each(SHAPES)('a TraefikService $title, on a real API server', ({ spec, at20 }) => {
  it('takes each weight in one write, is quiet then, and comes back to the byte', async () => {
    const before = await apply(spec);
    for (const weight of [0, 1, 33, 100, 0, 20]) {
      expect([weight, await bringTo(weight)]).toEqual([weight, 1]);
      expect(await observed()).toMatchObject({ weight, exists: true, outdated: false, problems: [] });
    }
    expect(await weights()).toBe(at20);
    expect(await rest()).toBe(1);
    expect(textOf(await live())).toBe(textOf(before));
    expect(await rest()).toBe(0);
  });

  it('has its weights again after GitOps has applied it anew', async () => {
    const before = await apply(spec);
    await bringTo(20);
    await apply(spec);
    expect(await observed()).toMatchObject({
      weight: 0,
      exists: true,
      outdated: true,
      overwritten: { field: 'spec.weighted.services of TraefikService web', manager: 'gitops' },
    });
    expect(await bringTo(20)).toBe(1);
    expect(await observed()).toMatchObject({ weight: 20, outdated: false });
    await rest();
    expect(textOf(await live())).toBe(textOf(before));
  });
});

describe('Traefik’s CRD', () => {
  it('tells who wrote the list, as one value', async () => {
    await apply('weighted: {services: [{name: checkout, port: 80}]}');
    expect((await target()).found?.writer).toBe('gitops');
    await bringTo(20);
    expect((await target()).found?.writer).toBe(FIELD_MANAGER);
    expect((await observed()).overwritten).toBeUndefined();
  });

  it('lets nobody write a list that has changed since it was read', async () => {
    await apply('weighted: {services: [{name: checkout, port: 80}]}');
    const [write] = traefikRouter.planWeight(await target(), { weight: 20 });
    await apply('weighted: {services: [{name: checkout, port: 80}, {name: more, port: 80}]}');
    await expect(performAll(place, async () => (write ? [write] : []))).rejects.toMatchObject({
      status: 422,
    });
    expect(await weights()).toBe('checkout -, more -');
  });

  it('refuses a weight below 0 and an entry of another kind, which the router need not tell', async () => {
    const message = (spec: string) => apply(spec).catch((error: unknown) => String(error));
    expect(await message('weighted: {services: [{name: checkout, weight: -1}]}')).toContain('weight');
    expect(await message('weighted: {services: [{name: checkout, kind: Deployment}]}')).toContain('kind');
  });
});
