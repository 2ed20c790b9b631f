// SPDX-License-Identifier: Apache-2.0
// What the router takes for granted about server-side apply and the CRD of HTTPRoutes, asked of a real API server.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { RouteTemplate } from '../../../api/gateway.ts';
import type { RequestMatch } from '../../../api/match.ts';
import type { JsonPatchOperation, KubeObject } from '../../../kube/objects.ts';
import { resources } from '../../../kube/resources.ts';
import type { RouteSplit } from '../types.ts';
import { performAll } from '../test-writes.ts';
import { answer, edit, findRoute, useGatewayPlace } from './api-stand.ts';
import { ownRouteRouter } from './own-route.ts';
import { type OwnRouteTarget, projectRoute } from './schema.ts';

const MATCH: readonly RequestMatch[] = [
  { headers: { 'x-canary': { exact: 'always' } } },
  { headers: { 'x-user': { prefix: 'qa-' }, 'x-team': { regex: 'shop|pay' } } },
];
const NAMED = { kind: 'HTTPRoute', name: 'checkout' } as const;
const TEST_MS = 60_000;

const place = useGatewayPlace();
let uid = '';

beforeEach(async () => {
  uid = await createCanary();
});

/** The garbage collector wants the owner to exist. */
async function createCanary(): Promise<string> {
  const rollout = await place.client.create<KubeObject>(resources.canaries, {
    apiVersion: 'headway.dev/v1alpha1',
    kind: 'Canary',
    metadata: { name: 'checkout', namespace: place.namespace },
    spec: {
      targetRef: { kind: 'Deployment', name: 'checkout' },
      service: { name: 'checkout' },
      steps: [{ setWeight: 25 }],
    },
  });
  return rollout.metadata.uid ?? '';
}

async function target(template: object): Promise<OwnRouteTarget> {
  const route = await findRoute(place, NAMED);
  return {
    namespace: place.namespace,
    canary: { kind: 'Canary', name: 'checkout', uid },
    service: 'checkout',
    canaryService: 'checkout-canary',
    match: MATCH,
    template: RouteTemplate.parse(template),
    route: route && projectRoute(route),
    ports: [80],
    isServed: true,
  };
}

function bringTo(template: object, split: RouteSplit): Promise<number> {
  return performAll(place, async () => ownRouteRouter.planWeight(await target(template), split));
}

function rest(template: object): Promise<number> {
  return performAll(place, async () => ownRouteRouter.planRest(await target(template)));
}

async function observed(template: object) {
  return ownRouteRouter.observe(await target(template));
}

const PLAIN = { parentRefs: [{ name: 'main' }] };
const RICH = {
  parentRefs: [
    { name: 'main', namespace: 'infra', sectionName: 'http' },
    { name: 'edge', port: 8443 },
  ],
  hostnames: ['shop.example.com', '*.example.org'],
  rules: [
    {
      matches: [{ path: { value: '/pay' }, method: 'POST' }, { path: { type: 'Exact', value: '/paid' } }],
      timeouts: { request: '1m30s', backendRequest: '500ms' },
    },
    { timeouts: { request: '0s' } },
    { matches: [{ method: 'GET' }] },
  ],
};
const settled = { exists: true, outdated: false, problems: [], exceptions: [] };

describe('a route from a template, on a real API server', () => {
  it.each([
    ['as short as can be', PLAIN],
    ['with all that it may have', RICH],
  ])(
    '%s: is made, takes each weight in one write, and is quiet then',
    async (_, template) => {
      expect(await rest(template)).toBe(1);
      await answer(place, NAMED);
      expect(await observed(template)).toEqual({ ...settled, exists: false, weight: 0, matched: false });
      const before = (await findRoute(place, NAMED))?.['spec'];
      for (const weight of [0, 20, 100]) {
        for (const matched of [true, false]) {
          expect([weight, matched, await bringTo(template, { weight, matched })]).toEqual([
            weight,
            matched,
            1,
          ]);
          await answer(place, NAMED);
          expect(await observed(template)).toEqual({ ...settled, weight, matched });
        }
      }
      expect(await rest(template)).toBe(1);
      expect((await findRoute(place, NAMED))?.['spec']).toEqual(before);
    },
    TEST_MS,
  );

  it(
    'lets go of what the template no longer has',
    async () => {
      await bringTo(RICH, { weight: 20 });
      expect(await observed(PLAIN)).toMatchObject({ outdated: true });
      expect(await bringTo(PLAIN, { weight: 20 })).toBe(1);
      expect((await findRoute(place, NAMED))?.['spec']).not.toHaveProperty('hostnames');
    },
    TEST_MS,
  );

  it.each<{ title: string; edits: JsonPatchOperation[]; field?: string; writes: number }>([
    {
      title: 'the weights',
      edits: [{ op: 'replace', path: '/spec/rules/0/backendRefs/1/weight', value: 90 }],
      field: 'spec.rules of HTTPRoute checkout',
      writes: 1,
    },
    {
      title: 'a filter',
      edits: [
        {
          op: 'add',
          path: '/spec/rules/0/filters',
          value: [{ type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['x-a'] } }],
        },
      ],
      field: 'spec.rules of HTTPRoute checkout',
      writes: 1,
    },
    {
      title: 'the parents',
      edits: [{ op: 'replace', path: '/spec/parentRefs/0/name', value: 'other' }],
      field: 'spec.parentRefs of HTTPRoute checkout',
      writes: 1,
    },
    {
      title: 'hosts that the template does not have',
      edits: [{ op: 'add', path: '/spec/hostnames', value: ['one.example.com'] }],
      field: 'spec.hostnames of HTTPRoute checkout',
      writes: 1,
    },
    {
      title: 'a label of ours',
      edits: [{ op: 'remove', path: '/metadata/labels/app.kubernetes.io~1managed-by' }],
      writes: 1,
    },
    { title: 'the owner', edits: [{ op: 'remove', path: '/metadata/ownerReferences' }], writes: 1 },
    {
      title: 'a note of theirs',
      edits: [{ op: 'add', path: '/metadata/annotations', value: { 'example.com/note': 'x' } }],
      writes: 0,
    },
  ])(
    'sees that somebody changed $title, and puts it right',
    async ({ edits, field, writes }) => {
      await bringTo(PLAIN, { weight: 25 });
      await edit(place, NAMED, ...edits);
      const facts = await observed(PLAIN);
      expect(facts.overwritten?.field).toBe(field);
      expect(facts.outdated).toBe(writes > 0);
      expect(await bringTo(PLAIN, { weight: 25 })).toBe(writes);
      await answer(place, NAMED);
      expect(await observed(PLAIN)).toEqual({ ...settled, weight: 25, matched: false });
    },
    TEST_MS,
  );
});
