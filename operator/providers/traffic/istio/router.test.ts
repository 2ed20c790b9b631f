// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { KubeObject } from '../../../kube/objects.ts';
import { istioRouter } from './router.ts';
import type { IstioTarget } from './schema.ts';
import { SHAPES } from './shapes.ts';
import { after, destinationsOf, editedBy, PLAIN, specOf, targetFor, virtualService } from './test-objects.ts';

const { observe, planWeight, planRest } = istioRouter;

const MATCH = [{ headers: { 'X-Canary': { exact: 'always' } } }];
const AT_REST = { weight: 0, matched: false, exists: false, outdated: false, problems: [], exceptions: [] };

function only(cluster: { virtualServices: readonly KubeObject[] }): KubeObject {
  const [one] = cluster.virtualServices;
  if (!one) throw new Error('there is no VirtualService');
  return one;
}

function targetOf(one: KubeObject, more: Partial<IstioTarget> = {}): IstioTarget {
  return targetFor({ virtualServices: [one] }, more);
}

function at(weight: number, one = virtualService(PLAIN)): KubeObject {
  return only(after({ virtualServices: [one] }, planWeight(targetOf(one), { weight })));
}

function atMatch(weight: number, one: KubeObject): KubeObject {
  const target = targetOf(one, { match: MATCH });
  return only(after({ virtualServices: [one] }, planWeight(target, { weight, matched: true })));
}

function rested(one: KubeObject): KubeObject {
  return only(after({ virtualServices: [one] }, planRest(targetOf(one))));
}

describe('a VirtualService of the user', () => {
  it('at rest says so, and is left alone', () => {
    const one = virtualService(PLAIN);
    expect(observe(targetOf(one))).toEqual(AT_REST);
    expect(planRest(targetOf(one))).toEqual([]);
  });

  it.each(SHAPES)('$title: takes every weight, is quiet then, and comes back as it was', ({ spec, at20 }) => {
    const before = virtualService(spec);
    let one = before;
    for (const weight of [0, 1, 33, 50, 99, 100, 0, 20]) {
      one = at(weight, one);
      expect(observe(targetOf(one))).toMatchObject({ weight, matched: false, exists: true, outdated: false });
      expect(planWeight(targetOf(one), { weight })).toEqual([]);
    }
    expect(destinationsOf(one)).toEqual(at20);
    const last = rested(one);
    expect(last['spec']).toEqual(before['spec']);
    expect(last.metadata.annotations ?? {}).toEqual({});
    expect(planRest(targetOf(last))).toEqual([]);
  });

  it.each(SHAPES)('$title: keeps all but destinations and weights', ({ spec }) => {
    const before = virtualService(spec);
    const bare = (one: KubeObject) => ({
      ...specOf(one),
      http: specOf(one).http.map(({ route: _route, ...rest }) => rest),
    });
    expect(bare(at(20, before))).toEqual(bare(before));
  });

  it('gives the canary what is said of the destination beside it', () => {
    const one = at(20, virtualService(SHAPES[3]?.spec ?? ''));
    expect(specOf(one).http[0]?.route).toEqual([
      {
        destination: { host: 'checkout', port: { number: 8080 } },
        headers: { response: { add: { 'x-c': '2' } } },
        weight: 80,
      },
      {
        destination: { host: 'checkout-canary', port: { number: 8080 } },
        headers: { response: { add: { 'x-c': '2' } } },
        weight: 20,
      },
    ]);
  });

  it('is patched on the version that was read, and only in the lists that change', () => {
    const [write] = planWeight(targetOf(virtualService(SHAPES[4]?.spec ?? '')), { weight: 5 });
    expect(
      write?.kind === 'patch' && write.operations.map((one) => `${one.op} ${'path' in one && one.path}`),
    ).toEqual(['test /metadata/resourceVersion', 'replace /spec/http/7/route', 'add /metadata/annotations']);
  });

  it.each([-1, 101, 0.5])('takes no weight %d', (weight) => {
    expect(() => planWeight(targetOf(virtualService(PLAIN)), { weight })).toThrow(
      `a weight is an integer from 0 to 100, not ${weight}`,
    );
  });

  it('keeps the share of everybody else, whatever the weights', () => {
    const weight = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(weight, weight, fc.integer({ min: 0, max: 100 }), (own, other, percent) => {
        fc.pre(own > 0);
        const route = `[{destination: {host: checkout}, weight: ${own}}, {destination: {host: cart}, weight: ${other}}]`;
        const before = virtualService(`http: [{route: ${route}}]`);
        const split = at(percent, before);
        const weights = specOf(split).http[0]?.route?.map((one) => one.weight ?? 0) ?? [];
        const sum = weights.reduce((total, one) => total + one, 0);
        expect((weights[2] ?? 0) / sum).toBeCloseTo(other / (own + other), 10);
        expect(observe(targetOf(split))).toMatchObject({ weight: percent, outdated: false });
        expect(rested(split)['spec']).toEqual(before['spec']);
      }),
    );
  });
});

describe('requests that are chosen', () => {
  it('have an http route of their own before each that leads to the Service', () => {
    const one = atMatch(0, virtualService(SHAPES[3]?.spec ?? ''));
    const [chosen, rest] = specOf(one).http;
    const before = specOf(virtualService(SHAPES[3]?.spec ?? '')).http[0];
    expect(chosen).toEqual({
      ...before,
      match: [
        {
          name: 'post',
          uri: { prefix: '/pay' },
          method: { exact: 'POST' },
          headers: { version: { exact: '2' }, 'x-canary': { exact: 'always' } },
          sourceLabels: { app: 'web' },
        },
        {
          uri: { regex: '/buy/[0-9]+' },
          ignoreUriCase: true,
          queryParams: { a: { exact: 'b' } },
          withoutHeaders: { 'x-bot': {} },
          headers: { 'x-canary': { exact: 'always' } },
        },
      ],
      route: [{ ...before?.route?.[0], destination: { host: 'checkout-canary', port: { number: 8080 } } }],
    });
    expect(rest).toMatchObject({ match: before?.match, name: 'pay' });
    expect(observe(targetOf(one, { match: MATCH }))).toMatchObject({
      weight: 0,
      matched: true,
      exists: true,
      outdated: false,
    });
  });

  it('are asked for as they are, of every request where there was no match', () => {
    const match = [
      { headers: { a: { prefix: 'x' }, B: { regex: 'y.*' } } },
      { headers: { c: { exact: 'z' } } },
    ];
    const [write] = planWeight(targetOf(virtualService(PLAIN), { match }), { weight: 0, matched: true });
    const one = only(after({ virtualServices: [virtualService(PLAIN)] }, write ? [write] : []));
    expect(specOf(one).http[0]?.match).toEqual([
      { headers: { a: { prefix: 'x' }, b: { regex: 'y.*' } } },
      { headers: { c: { exact: 'z' } } },
    ]);
  });

  it.each(SHAPES)('$title: go back with the weight, and all is as it was', ({ spec }) => {
    const before = virtualService(spec);
    const one = atMatch(20, before);
    expect(observe(targetOf(one, { match: MATCH }))).toMatchObject({
      weight: 20,
      matched: true,
      outdated: false,
    });
    expect(rested(one)['spec']).toEqual(before['spec']);
    expect(rested(at(0, one))['spec']).toEqual(before['spec']);
  });

  it('are none where the http route asks something else of the header', () => {
    const one = virtualService(
      'http: [{match: [{headers: {x-canary: {exact: never}}}], route: [{destination: {host: checkout}}]}]',
    );
    expect(destinationsOf(atMatch(20, one))).toEqual(['checkout 80, checkout-canary 20']);
  });

  it.each(['uri', 'Scheme', 'method', 'authority'])(
    'are none by header %s, which Istio would pass by and so choose everybody',
    (name) => {
      const target = targetOf(virtualService(PLAIN), { match: [{ headers: { [name]: { exact: 'x' } } }] });
      const one = only(
        after({ virtualServices: [virtualService(PLAIN)] }, planWeight(target, { weight: 0, matched: true })),
      );
      expect(destinationsOf(one)).toEqual(['checkout 100, checkout-canary 0']);
    },
  );
});

describe('http routes by name', () => {
  const NAMED = `
http:
  - {name: api, match: [{uri: {prefix: /api}}], route: [{destination: {host: checkout}}]}
  - {name: web, route: [{destination: {host: checkout}}]}
`;
  const named = (one: KubeObject, routes: readonly string[]): IstioTarget =>
    targetOf(one, {
      virtualServices: targetOf(one).virtualServices.map((named) => ({ ...named, routes: [...routes] })),
    });

  it('are split, and others are not', () => {
    const before = virtualService(NAMED);
    const one = only(
      after({ virtualServices: [before] }, planWeight(named(before, ['web']), { weight: 20 })),
    );
    expect(destinationsOf(one)).toEqual(['checkout -', 'checkout 80, checkout-canary 20']);
    expect(observe(named(one, ['web']))).toMatchObject({ weight: 20, outdated: false });
    expect(rested(one)['spec']).toEqual(before['spec']);
  });

  it('come back when another is named', () => {
    const before = virtualService(NAMED);
    const one = only(
      after({ virtualServices: [before] }, planWeight(named(before, ['web']), { weight: 20 })),
    );
    expect(observe(named(one, ['api']))).toMatchObject({ weight: 20, outdated: true });
    const other = only(after({ virtualServices: [one] }, planWeight(named(one, ['api']), { weight: 20 })));
    expect(destinationsOf(other)).toEqual(['checkout 80, checkout-canary 20', 'checkout -']);
  });
});

describe('a VirtualService that somebody edits meanwhile', () => {
  it('in another place stays so, also at rest', () => {
    const edited = editedBy('kubectl-edit', at(20), ({ http }) =>
      Object.assign(http[0] ?? {}, { timeout: '3s' }),
    );
    expect(observe(targetOf(edited))).toMatchObject({ weight: 20, outdated: false });
    expect(observe(targetOf(edited))).not.toHaveProperty('overwritten');
    expect(specOf(rested(edited)).http).toEqual([
      { ...specOf(virtualService(PLAIN)).http[0], timeout: '3s' },
    ]);
  });

  it('with the http routes of Git again is overwritten, and said who did it', () => {
    const synced = editedBy('argocd-controller', at(20), (spec) => {
      spec.http = structuredClone(specOf(virtualService(PLAIN)).http);
    });
    expect(observe(targetOf(synced))).toMatchObject({
      weight: 0,
      exists: false,
      outdated: true,
      overwritten: { field: 'spec.http of VirtualService web', manager: 'argocd-controller' },
    });
    expect(destinationsOf(at(20, synced))).toEqual(['checkout 80, checkout-canary 20']);
    expect(rested(synced)['spec']).toEqual(virtualService(PLAIN)['spec']);
  });
});

describe('several VirtualServices', () => {
  const pair = [virtualService(PLAIN, 'mesh'), virtualService(PLAIN, 'edge')];

  it('move together, and until all have, it is the greatest weight', () => {
    const writes = planWeight(targetFor({ virtualServices: pair }), { weight: 20 });
    expect(writes.map((write) => 'name' in write && write.name)).toEqual(['mesh', 'edge']);
    const half = after({ virtualServices: pair }, writes.slice(0, 1));
    expect(observe(targetFor(half))).toMatchObject({ weight: 20, exists: true, outdated: true });
    expect(planWeight(targetFor(half), { weight: 20 })).toHaveLength(1);
    expect(planRest(targetFor(half))).toHaveLength(1);
  });

  it('of which one is gone still move back', () => {
    const half = targetFor({ virtualServices: [at(20)] });
    const target = {
      ...half,
      virtualServices: [...half.virtualServices, { name: 'gone', found: undefined }],
    };
    expect(observe(target).problems).toEqual([
      { reason: 'RouteNotFound', message: 'VirtualService gone does not exist in namespace shop' },
    ]);
    expect(planWeight(target, { weight: 0 })).toHaveLength(1);
    expect(planRest(target)).toHaveLength(1);
  });
});
