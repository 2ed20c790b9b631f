// SPDX-License-Identifier: Apache-2.0
// What the router takes for granted about one annotation of an Ingress, asked of a real API server: who owns it, what a
// patch of it leaves alone, and that it comes back to the byte. No AWS runs here.
// oxlint-disable no-restricted-imports -- the API server comes with the test cluster
import { beforeEach, describe, expect, it } from '@jest/globals';
import { FIELD_MANAGER } from '../../../api/group.ts';
import { usePlace } from '../../../crd/use-place.ts';
import { isFailedTest } from '../../../kube/errors.ts';
import type { KubeObject } from '../../../kube/objects.ts';
import { resources } from '../../../kube/resources.ts';
import { projectIngress } from '../ingress/schema.ts';
import type { RouteWrite } from '../types.ts';
import { albRouter } from './router.ts';
import type { AlbTarget } from './schema.ts';
import { actionOf, groupsIn, ingressWith, KEY, targetFor } from './test-objects.ts';

const { ingresses } = resources;

/** White space and order as a person has them. */
const TEXT = JSON.stringify(
  {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: [
        { ServiceName: 'checkout', ServicePort: 'http', Weight: 70 },
        { ServiceName: 'legacy', ServicePort: 80, Weight: 30 },
      ],
      TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
    },
  },
  null,
  2,
);

const place = usePlace();

beforeEach(async () => {
  await applyAs('gitops', TEXT);
});

async function applyAs(fieldManager: string, action: string): Promise<void> {
  const { metadata, ...ingress } = ingressWith(action);
  const { name = '', annotations } = metadata;
  await place.client.apply(
    ingresses,
    { ...ingress, metadata: { name, namespace: place.namespace, annotations } },
    { fieldManager, force: true },
  );
}

function live(): Promise<KubeObject> {
  return place.client.get(ingresses, { namespace: place.namespace, name: 'web' });
}

async function target(): Promise<AlbTarget> {
  return { ...targetFor(undefined), namespace: place.namespace, ingress: projectIngress(await live()) };
}

async function perform(write: RouteWrite): Promise<void> {
  if (write.kind !== 'patch') throw new Error(`an action is patched: ${write.kind}`);
  const { namespace, name, operations } = write;
  await place.client.jsonPatch(ingresses, { namespace, name }, { operations, fieldManager: FIELD_MANAGER });
}

/** Performs plans until there is nothing more to do; returns how many writes that took. */
async function performAll(plan: (now: AlbTarget) => readonly RouteWrite[]): Promise<number> {
  for (let count = 0; count < 5; count++) {
    const [write] = plan(await target());
    if (!write) return count;
    await perform(write);
  }
  throw new Error('the plan finds no end');
}

const bringTo = (weight: number) => performAll((now) => albRouter.planWeight(now, { weight }));
const rest = () => performAll(albRouter.planRest);
const observed = async () => albRouter.observe(await target());
const groups = async () => groupsIn(lower((await live()).metadata.annotations?.[KEY] ?? ''));

/** The words of groupsIn. */
function lower(text: string): string {
  return text.replaceAll(/"[A-Z]/g, (start) => start.toLowerCase());
}

/** What a person sees of the Ingress; bookkeeping aside. */
function visible({ metadata, spec }: KubeObject): object {
  const { annotations, labels } = metadata;
  return { annotations, labels, spec };
}

describe('the action of an Ingress on a real API server', () => {
  it('takes each weight in one write, is quiet then, and comes back to the byte', async () => {
    const before = visible(await live());
    for (const weight of [0, 1, 20, 33, 50, 100, 0]) {
      expect([weight, await bringTo(weight)]).toEqual([weight, 1]);
      expect(await observed()).toMatchObject({ weight, exists: true, outdated: false, problems: [] });
      expect((await observed()).overwritten).toBeUndefined();
    }
    expect(await rest()).toBe(1);
    expect(visible(await live())).toEqual(before);
    expect(await rest()).toBe(0);
  });

  it('names who has written it anew, and has its weights again after that', async () => {
    await bringTo(20);
    await applyAs('gitops', TEXT);
    expect(await observed()).toMatchObject({
      weight: 0,
      exists: false,
      outdated: true,
      overwritten: { field: `metadata.annotations[${KEY}] of Ingress web`, manager: 'gitops' },
    });
    expect(await bringTo(20)).toBe(1);
    expect(await groups()).toBe('checkout:http=56, checkout-canary:http=14, legacy:80=30');
    await rest();
    expect((await live()).metadata.annotations?.[KEY]).toBe(TEXT);
  });

  it('leaves all else of the Ingress to those who own it, under weight', async () => {
    await bringTo(20);
    const { metadata } = await live();
    await place.client.jsonPatch(
      ingresses,
      { namespace: place.namespace, name: 'web' },
      {
        fieldManager: 'kubectl',
        operations: [
          {
            op: 'replace',
            path: '/metadata/annotations/alb.ingress.kubernetes.io~1scheme',
            value: 'internet-facing',
          },
          { op: 'add', path: '/spec/tls', value: [{ hosts: ['shop.example.com'] }] },
        ],
      },
    );
    expect(metadata.annotations?.[KEY]).toBe((await live()).metadata.annotations?.[KEY]);
    expect(await observed()).toMatchObject({ weight: 20, outdated: false });
    await rest();
    const after = await live();
    expect(after.metadata.annotations).toEqual({
      [KEY]: TEXT,
      'alb.ingress.kubernetes.io/scheme': 'internet-facing',
    });
    expect(after['spec']).toMatchObject({ tls: [{ hosts: ['shop.example.com'] }] });
  });

  it('is not written over what has changed since it was read', async () => {
    const [write] = albRouter.planWeight(await target(), { weight: 20 });
    await applyAs('gitops', actionOf('checkout:80'));
    const error: unknown = await (write && perform(write).catch((caught: unknown) => caught));
    expect(isFailedTest(error)).toBe(true);
    expect(await groups()).toBe('checkout:80');
  });

  it('would go with an apply of its owner that no longer names it: why it is patched and not applied', async () => {
    const name = { name: 'web', namespace: place.namespace };
    const applied = { metadata: { ...name, annotations: { [KEY]: 'x' } } };
    const options = { fieldManager: 'by-apply', force: true };
    await place.client.apply(ingresses, applied, options);
    await place.client.apply(ingresses, { metadata: { ...name, annotations: {} } }, options);
    expect((await live()).metadata.annotations).not.toHaveProperty(KEY);
  });
});
