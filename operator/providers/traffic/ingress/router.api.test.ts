// SPDX-License-Identifier: Apache-2.0
// What the router takes for granted about server-side apply, asked of a real API server.
// oxlint-disable no-restricted-imports -- the garbage collector wants the owner, a Canary, to exist
import { beforeEach, describe, expect, it } from '@jest/globals';
import { usePlace } from '../../../crd/use-place.ts';
import type { KubeClient } from '../../../kube/client.ts';
import type { JsonPatchOperation, KubeObject } from '../../../kube/objects.ts';
import { jsonPointerSegment } from '../../../kube/objects.ts';
import { resources } from '../../../kube/resources.ts';
import { ingressRouter } from './router.ts';
import { type IngressSnapshot, type IngressTarget, projectIngress } from './schema.ts';
import { ingressFrom, PREFIX } from './test-objects.ts';

const ingresses = resources.ingresses;
const WEIGHT = `${PREFIX}/canary-weight`;
const HEADER = `${PREFIX}/canary-by-header`;

const place = usePlace();
let client: KubeClient;
let namespace = '';
let canaryUid = '';

beforeEach(async () => {
  ({ client, namespace } = place);
  canaryUid = await createCanary();
  const original = ingressFrom(`
    metadata: {labels: {team: shop, app.kubernetes.io/instance: shop}, annotations: {example.com/a: b}}
    spec:
      ingressClassName: nginx
      defaultBackend: {service: {name: checkout, port: {number: 80}}}
      tls: [{hosts: [shop.example.com], secretName: shop}]
      rules:
        - host: bare.example.com
        - host: shop.example.com
          http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout, port: {name: http}}}}]}`);
  await client.create(ingresses, {
    ...original,
    metadata: { ...original.metadata, namespace, uid: '', resourceVersion: '' },
  });
});

async function createCanary(): Promise<string> {
  const rollout = await client.create<KubeObject>(resources.canaries, {
    apiVersion: 'headway.dev/v1alpha1',
    kind: 'Canary',
    metadata: { name: 'checkout', namespace },
    spec: {
      targetRef: { kind: 'Deployment', name: 'checkout' },
      service: { name: 'checkout' },
      traffic: { ingress: { name: 'web' } },
      steps: [{ setWeight: 25 }],
    },
  });
  return rollout.metadata.uid ?? '';
}

async function target(): Promise<IngressTarget> {
  const { items } = await client.list(ingresses, { namespace });
  const neighbours = items.map(projectIngress);
  const named = (name: string): IngressSnapshot | undefined => neighbours.find((each) => each.name === name);
  return {
    namespace,
    canary: { kind: 'Canary', name: 'checkout', uid: canaryUid },
    service: 'checkout',
    match: [],
    canaryService: 'checkout-canary',
    ingressName: 'web',
    annotationPrefix: PREFIX,
    ingress: named('web'),
    canaryIngress: named('web-canary'),
    neighbours,
  };
}

/** Performs plans until there is nothing more to do, as the controller does; returns how many writes that took. */
async function bringTo(weight: number): Promise<number> {
  for (let count = 0; count < 5; count++) {
    const [write] = ingressRouter.planWeight(await target(), { weight });
    if (!write) return count;
    if (write.kind !== 'apply') throw new Error('a weight is applied, not deleted');
    await client.apply(ingresses, write.object, { fieldManager: 'headway', force: true });
  }
  throw new Error('the plan finds no end');
}

function edit(name: string, ...operations: JsonPatchOperation[]) {
  return client.jsonPatch(ingresses, { namespace, name }, { operations, fieldManager: 'somebody' });
}

const annotation = (key: string) => `/metadata/annotations/${jsonPointerSegment(key)}`;
const settled = { exists: true, outdated: false, matched: false, problems: [] };

describe('the Ingress router on a real API server', () => {
  it.each([0, 25, 100])('brings the weight to %d with one write, and reads it back', async (weight) => {
    expect(await bringTo(weight)).toBe(1);
    const facts = ingressRouter.observe(await target());
    expect(facts).toEqual({ ...settled, weight, exceptions: [expect.stringContaining('default backend')] });
  });

  interface Change {
    readonly title: string;
    readonly edits: readonly JsonPatchOperation[];
    readonly field?: string;
    readonly manager?: string;
    readonly writes: number;
    /** By default where it takes a write. */
    readonly outdated?: boolean;
  }

  it.each<Change>([
    {
      title: 'the weight',
      edits: [{ op: 'replace', path: annotation(WEIGHT), value: '80' }],
      field: `metadata.annotations[${WEIGHT}]`,
      manager: 'somebody',
      writes: 1,
      outdated: false,
    },
    {
      title: 'the weight, taken away',
      edits: [{ op: 'remove', path: annotation(WEIGHT) }],
      field: `metadata.annotations[${WEIGHT}]`,
      writes: 1,
    },
    {
      title: 'a header that skips the weight',
      edits: [{ op: 'add', path: annotation(HEADER), value: 'x-canary' }],
      field: `metadata.annotations[${HEADER}]`,
      manager: 'somebody',
      writes: 2,
    },
    {
      title: 'the rules',
      edits: [{ op: 'replace', path: '/spec/rules/0/host', value: 'other.example.com' }],
      field: 'spec.rules',
      manager: 'somebody',
      writes: 1,
    },
    { title: 'the owner', edits: [{ op: 'remove', path: '/metadata/ownerReferences' }], writes: 1 },
    {
      title: 'a note of theirs',
      edits: [{ op: 'add', path: annotation('example.com/note'), value: 'x' }],
      writes: 0,
    },
  ])(
    'sees that somebody changed $title, and puts it right',
    async ({ edits, field, manager, writes, outdated = writes > 0 }) => {
      await bringTo(25);
      await edit('web-canary', ...edits);
      const facts = ingressRouter.observe(await target());
      expect([facts.overwritten?.field, facts.overwritten?.manager]).toEqual([field, manager]);
      expect(facts.outdated).toBe(outdated);
      expect(await bringTo(25)).toBe(writes);
      const after = ingressRouter.observe(await target());
      expect(after).toEqual({ ...settled, weight: 25, exceptions: facts.exceptions });
      expect((await target()).canaryIngress?.annotations).not.toHaveProperty([HEADER]);
    },
  );

  it('lets go of what the original no longer has', async () => {
    await bringTo(25);
    await edit('web', { op: 'remove', path: '/metadata/annotations' }, { op: 'remove', path: '/spec/tls' });
    expect(ingressRouter.observe(await target()).outdated).toBe(true);
    expect(await bringTo(25)).toBe(1);
    const { canaryIngress } = await target();
    expect(canaryIngress?.annotations).not.toHaveProperty(['example.com/a']);
    expect(canaryIngress?.spec.tls).toEqual([]);
  });

  it('cleans up by uid, and does not touch one that has taken the name since', async () => {
    await bringTo(0);
    const [write] = ingressRouter.planRest(await target());
    if (write?.kind !== 'delete') throw new Error('a cleanup deletes');
    const { name, uid } = write;
    await client.delete(ingresses, { namespace, name }, { uid });
    expect(ingressRouter.planRest(await target())).toEqual([]);
    await bringTo(0);
    await expect(client.delete(ingresses, { namespace, name }, { uid })).rejects.toMatchObject({
      status: 409,
    });
  });
});
