// SPDX-License-Identifier: Apache-2.0
// What the router takes for granted about the CRDs of the Gateway API, asked of a real API server: defaults that it
// fills in, fields that it owns, and what it refuses.
import { describe, expect, it } from '@jest/globals';
import type { RouteKind } from '../../../api/gateway.ts';
import type { RequestMatch } from '../../../api/match.ts';
import type { JsonPatchOperation, KubeObject } from '../../../kube/objects.ts';
import type { RouteSplit } from '../types.ts';
import { performAll } from '../test-writes.ts';
import { answer, applyRoute, edit, findRoute, useGatewayPlace } from './api-stand.ts';
import { SHAPES } from './route-shapes.ts';
import { projectRoute, type UserRoutesTarget } from './schema.ts';
import { userRoutesRouter } from './user-routes.ts';

const MATCH: readonly RequestMatch[] = [{ headers: { 'x-canary': { exact: 'always' } } }];
const SPLITS: readonly RouteSplit[] = [
  { weight: 0 },
  { weight: 0, matched: true },
  { weight: 1, matched: true },
  { weight: 33, matched: true },
  { weight: 50 },
  { weight: 100, matched: true },
  { weight: 0 },
  { weight: 20, matched: true },
];

/** Rules of a route are long expressions for the API server; on a busy machine a write takes half a second. */
const TEST_MS = 60_000;

const place = useGatewayPlace();

async function target(kind: RouteKind, name = 'web'): Promise<UserRoutesTarget> {
  const route = await findRoute(place, { kind, name });
  return {
    namespace: place.namespace,
    canary: { kind: 'Canary', name: 'checkout', uid: 'uid' },
    service: 'checkout',
    canaryService: 'checkout-canary',
    match: MATCH,
    routes: [{ kind, name, route: route && projectRoute(route), isServed: true }],
  };
}

function bringTo(kind: RouteKind, split: RouteSplit): Promise<number> {
  return performAll(place, async () => userRoutesRouter.planWeight(await target(kind), split));
}

function rest(kind: RouteKind): Promise<number> {
  return performAll(place, async () => userRoutesRouter.planRest(await target(kind)));
}

async function observed(kind: RouteKind) {
  return userRoutesRouter.observe(await target(kind));
}

const settled = { exists: true, outdated: false, problems: [], exceptions: [] };

/** What a user can see of a route; bookkeeping aside. */
function textOf(route: KubeObject | undefined): string {
  return JSON.stringify({
    spec: route?.['spec'],
    annotations: route?.metadata.annotations,
    labels: route?.metadata.labels,
  });
}

interface Ref {
  name: string;
  namespace?: string;
  weight?: number;
}

function specOf(route: KubeObject | undefined) {
  if (!route) throw new Error('there is no route');
  return route['spec'] as { rules: { timeouts?: object; backendRefs?: Ref[] }[] };
}

/** The rules without the canary and without weights: what nobody may change. */
function unweighted(route: KubeObject | undefined): object {
  const { rules, ...spec } = specOf(route);
  const kept = rules
    .filter(
      ({ backendRefs = [] }) =>
        backendRefs.length === 0 || backendRefs.some(({ name }) => name !== 'checkout-canary'),
    )
    .map(({ backendRefs, ...rule }) => ({
      ...rule,
      backendRefs: backendRefs
        ?.filter(({ name }) => name !== 'checkout-canary')
        .map(({ weight: _weight, ...ref }) => ref),
    }));
  return { ...spec, rules: kept };
}

describe.each(SHAPES)('the $kind $title, on a real API server', ({ kind, spec }) => {
  it(
    'takes each weight in one write, is quiet then, and comes back to the byte',
    async () => {
      const before = await applyRoute(place, { kind, name: 'web', spec });
      for (const split of SPLITS) {
        expect([split, await bringTo(kind, split)]).toEqual([split, 1]);
        await answer(place, { kind, name: 'web' });
        expect(await observed(kind)).toEqual({
          ...settled,
          weight: split.weight,
          matched: split.matched ?? false,
        });
        expect(unweighted(await findRoute(place, { kind, name: 'web' }))).toEqual(unweighted(before));
      }
      expect(await rest(kind)).toBe(1);
      expect(textOf(await findRoute(place, { kind, name: 'web' }))).toBe(textOf(before));
      expect(await rest(kind)).toBe(0);
    },
    TEST_MS,
  );

  it(
    'has its weights again after GitOps has applied it anew',
    async () => {
      const before = await applyRoute(place, { kind, name: 'web', spec });
      await bringTo(kind, { weight: 20, matched: true });
      await applyRoute(place, { kind, name: 'web', spec });
      await answer(place, { kind, name: 'web' });
      expect(await observed(kind)).toMatchObject({
        weight: 0,
        exists: false,
        outdated: true,
        overwritten: { field: `spec.rules of ${kind} web`, manager: 'gitops' },
      });
      expect(await bringTo(kind, { weight: 20, matched: true })).toBe(1);
      await answer(place, { kind, name: 'web' });
      expect(await observed(kind)).toEqual({ ...settled, weight: 20, matched: true });
      expect(await rest(kind)).toBe(1);
      expect(textOf(await findRoute(place, { kind, name: 'web' }))).toBe(textOf(before));
    },
    TEST_MS,
  );
});

const EDITED = `
parentRefs: [{name: main}]
rules:
  - matches: [{path: {value: /pay}}]
    timeouts: {request: 10s}
    backendRefs: [{name: checkout, port: 80, weight: 70}, {name: legacy, port: 80, weight: 30}]
  - backendRefs: [{name: checkout, port: 80}]`;

describe('an edit beside the weights, on a real API server', () => {
  it.each<{
    title: string;
    edits: JsonPatchOperation[];
    writes: number;
    isOverwrite?: boolean;
    rested: string[];
  }>([
    {
      title: 'another time-out',
      edits: [{ op: 'replace', path: '/spec/rules/0/timeouts/request', value: '45s' }],
      writes: 0,
      rested: ['45s checkout 70, legacy 30', 'checkout 1'],
    },
    {
      title: 'another weight of another backend',
      edits: [{ op: 'replace', path: '/spec/rules/0/backendRefs/2/weight', value: 90 }],
      writes: 1,
      rested: ['10s checkout 70, legacy 90', 'checkout 1'],
    },
    {
      title: 'one more rule to the Service',
      edits: [
        {
          op: 'add',
          path: '/spec/rules/-',
          value: { matches: [{ path: { value: '/new' } }], backendRefs: [{ name: 'checkout', port: 80 }] },
        },
      ],
      writes: 1,
      rested: ['10s checkout 70, legacy 30', 'checkout 1', 'checkout 1'],
    },
    {
      title: 'one rule less',
      edits: [{ op: 'remove', path: '/spec/rules/0' }],
      writes: 1,
      isOverwrite: true,
      rested: ['checkout 1'],
    },
    {
      title: 'the weights',
      edits: [
        { op: 'replace', path: '/spec/rules/1/backendRefs/0/weight', value: 10 },
        { op: 'replace', path: '/spec/rules/1/backendRefs/1/weight', value: 90 },
      ],
      writes: 1,
      isOverwrite: true,
      rested: ['10s checkout 70, legacy 30', 'checkout 1'],
    },
    {
      title: 'the note of what was before',
      edits: [{ op: 'remove', path: '/metadata/annotations/headway.dev~1before-checkout' }],
      writes: 1,
      rested: ['10s checkout 70, legacy 30', 'checkout 100'],
    },
    {
      title: 'an annotation of theirs',
      edits: [{ op: 'add', path: '/metadata/annotations/example.com~1team', value: 'pay' }],
      writes: 0,
      rested: ['10s checkout 70, legacy 30', 'checkout 1'],
    },
  ])(
    '$title: the weights are right again, and the edit stays at rest',
    async ({ edits, writes, isOverwrite = false, rested }) => {
      const named = { kind: 'HTTPRoute', name: 'web' } as const;
      await applyRoute(place, { ...named, spec: EDITED });
      await bringTo('HTTPRoute', { weight: 20 });
      await edit(place, named, ...edits);
      const { overwritten } = await observed('HTTPRoute');
      expect(overwritten).toEqual(
        isOverwrite ? { field: 'spec.rules of HTTPRoute web', manager: 'somebody' } : undefined,
      );
      expect(await bringTo('HTTPRoute', { weight: 20 })).toBe(writes);
      await answer(place, named);
      expect(await observed('HTTPRoute')).toEqual({ ...settled, weight: 20, matched: false });
      await rest('HTTPRoute');
      expect(linesOf(await findRoute(place, named))).toEqual(rested);
    },
    TEST_MS,
  );
});

function linesOf(route: KubeObject | undefined): string[] {
  return specOf(route).rules.map(({ timeouts, backendRefs = [] }) =>
    [
      ...(timeouts ? Object.values(timeouts) : []),
      backendRefs.map(({ name, weight }) => `${name} ${weight}`).join(', '),
    ].join(' '),
  );
}
