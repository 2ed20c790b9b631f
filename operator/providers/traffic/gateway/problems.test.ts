// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../kube/objects.ts';
import { PLAIN, routeFrom, targetFor, written } from './test-objects.ts';
import { userRoutesRouter } from './user-routes.ts';

const { observe, planWeight } = userRoutesRouter;

function backends(...refs: string[]): string {
  return `rules: [${refs.map((list) => `{backendRefs: [${list}]}`).join(', ')}]`;
}

function problemsOf(route: KubeObject, match: object[] = []): string[] {
  const { problems } = observe({ ...targetFor(route), match: match as never });
  return problems.map(({ reason, message }) => `${reason}: ${message}`);
}

describe('a route that cannot be split', () => {
  it.each([
    ['no rules', 'rules: []', 'no rule of HTTPRoute web leads to Service checkout; they have no backends'],
    [
      'rules to others',
      backends(
        '{name: a}, {name: b}',
        '{name: checkout, namespace: other}',
        '{name: checkout, kind: Backend, group: x.io}',
      ),
      'no rule of HTTPRoute web leads to Service checkout; they lead to Service a, Service b, Service checkout in namespace other, Backend checkout',
    ],
    [
      'many others',
      backends('{name: a}, {name: b}, {name: c}, {name: d}', '{name: e}, {name: f}, {name: a}'),
      'no rule of HTTPRoute web leads to Service checkout; they lead to Service a, Service b, Service c, Service d, Service e and 1 more',
    ],
    [
      'weight 0 everywhere',
      backends('{name: checkout, weight: 0}', '{name: checkout, weight: 0}, {name: a, weight: 0}'),
      'every rule of HTTPRoute web gives Service checkout weight 0; there is nothing to shift',
    ],
    [
      'weights too great to be divided',
      backends('{name: checkout, weight: 50000}, {name: a, weight: 1}'),
      'rule 1 of HTTPRoute web has a weight of 50000; beside other backends at most 10000 can be split by percent',
    ],
    [
      'the canary Service in Git',
      backends('{name: checkout}, {name: checkout-canary, weight: 0}'),
      "rule 1 of HTTPRoute web already names Service checkout-canary, which is Headway's own; take it out of the rule, and use match to choose requests",
    ],
  ])('for %s', (_, spec, message) => {
    expect(problemsOf(routeFrom(spec))).toEqual([`RouteNotSupported: ${message}`]);
  });

  it('for a great weight that has the rule for itself is none of them', () => {
    expect(problemsOf(routeFrom(backends('{name: checkout, weight: 1000000}')))).toEqual([]);
  });

  it('for too many rules, matches and headers, all at once', () => {
    const headers = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`h${i}`, { exact: '1' }]));
    const own = Array.from({ length: 9 }, (_, i) => `{name: o${i}, value: a}`).join();
    const matches = `[${Array.from({ length: 9 }, () => `{headers: [${own}]}`).join()}]`;
    const rule = `{matches: ${matches}, backendRefs: [{name: checkout}]}`;
    const route = routeFrom(`rules: [${Array.from({ length: 9 }, () => rule).join()}]`);
    expect(
      problemsOf(
        route,
        Array.from({ length: 8 }, () => ({ headers })),
      ),
    ).toEqual([
      'RouteNotSupported: with match HTTPRoute web would have 18 rules; the Gateway API allows 16',
      'RouteNotSupported: with match HTTPRoute web would have 72 matches in a rule; the Gateway API allows 64',
      'RouteNotSupported: with match HTTPRoute web would have 729 matches in all; the Gateway API allows 128',
      'RouteNotSupported: with match HTTPRoute web would have 17 headers in a match; the Gateway API allows 16',
    ]);
  });

  it('for too many backends, each time that the Service is named', () => {
    const others = Array.from({ length: 14 }, (_, i) => `{name: o${i}}`).join();
    const full = backends(`{name: checkout}, ${others}, {name: o14}`);
    const ports = backends(`{name: checkout, port: 1}, {name: checkout, port: 2}, ${others}`);
    const fits = backends(`{name: checkout}, ${others}`);
    const sentence = (count: number) =>
      `RouteNotSupported: with Service checkout-canary rule 1 of HTTPRoute web would have ${count} backends; the Gateway API allows 16`;
    expect(problemsOf(routeFrom(full))).toEqual([sentence(17)]);
    expect(problemsOf(routeFrom(ports))).toEqual([sentence(18)]);
    expect(problemsOf(routeFrom(fits))).toEqual([]);
  });

  it.each(['filters', 'backends'])('for several ways to be chosen where %s replace the prefix', (where) => {
    const filters = `filters: [{urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}}]`;
    const ref = where === 'backends' ? `{name: checkout, ${filters}}` : '{name: checkout}';
    const route = routeFrom(
      `rules: [{backendRefs: [{name: a}]}, {${where === 'filters' ? `${filters}, ` : ''}backendRefs: [${ref}]}]`,
    );
    const [one, two] = ['a', 'b'].map((exact) => ({ headers: { 'x-canary': { exact } } }));
    expect(problemsOf(route, [one, two] as object[])).toEqual([
      'RouteNotSupported: rule 2 of HTTPRoute web replaces the prefix of the path, so the Gateway API allows one match in it; let match have one entry',
    ]);
    expect(problemsOf(route, [one] as object[])).toEqual([]);
    expect(problemsOf(route)).toEqual([]);
  });

  it('for it is being deleted', () => {
    const route = routeFrom(PLAIN);
    route.metadata.deletionTimestamp = '2026-11-21T12:00:00Z';
    expect(problemsOf(route)).toEqual(['RouteNotFound: HTTPRoute web is being deleted in namespace shop']);
    expect(planWeight(targetFor(route), { weight: 5 })).toEqual([]);
  });

  it('for a kind that is not served', () => {
    const target = targetFor(routeFrom(PLAIN));
    const routes = target.routes.map((named) => ({ ...named, route: undefined, isServed: false }));
    expect(observe({ ...target, routes }).problems).toEqual([
      {
        reason: 'RouteKindNotServed',
        message:
          'the API server does not serve HTTPRoute (gateway.networking.k8s.io/v1); install the CRDs of the Gateway API, they are taken up within a minute',
      },
    ]);
  });
});

describe('what a Gateway says', () => {
  function said(route: KubeObject, type: 'Accepted' | 'ResolvedRefs'): KubeObject {
    const observedGeneration = route.metadata.generation;
    const condition = (name: string) => ({
      type: name,
      status: name === type ? 'False' : 'True',
      reason: 'Why',
      message: 'so',
      observedGeneration,
    });
    const conditions = [condition('Accepted'), condition('ResolvedRefs')];
    return { ...route, status: { parents: [{ parentRef: { name: 'main' }, conditions }] } };
  }

  it('against the route is a problem, and the way back stays open', () => {
    const route = said(
      written(routeFrom(PLAIN), planWeight(targetFor(routeFrom(PLAIN)), { weight: 20 })[0]),
      'Accepted',
    );
    expect(problemsOf(route)).toEqual([
      'RouteNotAccepted: Gateway main has not accepted HTTPRoute web (Why: so)',
    ]);
    expect(planWeight(targetFor(route), { weight: 0 })).toHaveLength(1);
  });

  it('against its references is one before a release, and waited for after a write', () => {
    const before = said(routeFrom(PLAIN), 'ResolvedRefs');
    expect(problemsOf(before)).toEqual([
      'RouteNotAccepted: Gateway main cannot resolve what HTTPRoute web leads to (Why: so)',
    ]);
    const after = said(
      written(routeFrom(PLAIN), planWeight(targetFor(routeFrom(PLAIN)), { weight: 20 })[0]),
      'ResolvedRefs',
    );
    expect(observe(targetFor(after))).toMatchObject({
      problems: [],
      pending: 'Gateway main to take up HTTPRoute web (Why: so)',
    });
  });
});
