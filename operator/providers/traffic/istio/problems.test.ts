// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../kube/objects.ts';
import { istioRouter } from './router.ts';
import type { IstioTarget } from './schema.ts';
import { after, destinationRule, editedBy, PLAIN, targetFor, virtualService } from './test-objects.ts';

const { observe, planWeight } = istioRouter;

function problemsOf(target: IstioTarget): string[] {
  return observe(target).problems.map(({ reason, message }) => `${reason}: ${message}`);
}

function withRoutes(one: KubeObject, routes: string[]): IstioTarget {
  const target = targetFor({ virtualServices: [one] });
  return { ...target, virtualServices: target.virtualServices.map((named) => ({ ...named, routes })) };
}

describe('a VirtualService that cannot be split', () => {
  it('is one that is not there, or about to go', () => {
    const target = targetFor({ virtualServices: [] });
    expect(problemsOf({ ...target, virtualServices: [{ name: 'web', found: undefined }] })).toEqual([
      'RouteNotFound: VirtualService web does not exist in namespace shop',
    ]);
    const deleting = virtualService(PLAIN);
    deleting.metadata.deletionTimestamp = '2026-11-21T10:00:00Z';
    expect(problemsOf(targetFor({ virtualServices: [deleting] }))).toEqual([
      'RouteNotFound: VirtualService web is being deleted in namespace shop',
    ]);
  });

  it('is one whose kind is not served, as long as it is not', () => {
    const target = targetFor({ virtualServices: [virtualService(PLAIN)] }, { isServed: false });
    expect(problemsOf(target)).toEqual([
      'RouteKindNotServed: the API server does not serve VirtualService (networking.istio.io/v1); install the CRDs of Istio (1.22 or newer), they are taken up within a minute',
    ]);
  });

  it.each([
    [
      'leads to others',
      'http: [{route: [{destination: {host: cart}}, {destination: {host: checkout.other}}]}, {route: [{destination: {host: cart}}]}]',
      'no http route of VirtualService web leads to Service checkout; they lead to cart, checkout.other',
    ],
    [
      'leads to many others',
      'http: [{route: [{destination: {host: a}}, {destination: {host: b}}, {destination: {host: c}}, {destination: {host: d}}, {destination: {host: e}}, {destination: {host: f}}]}]',
      'no http route of VirtualService web leads to Service checkout; they lead to a, b, c, d, e and 1 more',
    ],
    [
      'leads to the Service of all clusters',
      'http: [{route: [{destination: {host: checkout.shop.svc.clusterset.local}}]}]',
      'no http route of VirtualService web leads to Service checkout; they lead to checkout.shop.svc.clusterset.local',
    ],
    [
      'has no http routes',
      'hosts: [checkout]',
      'no http route of VirtualService web leads to Service checkout; they have no destinations',
    ],
    [
      'leaves the rest to another',
      'http: [{delegate: {name: pay, namespace: other}}, {delegate: {name: cart}}]',
      'no http route of VirtualService web leads to Service checkout; they lead to the delegate VirtualService other/pay, which can be named instead, the delegate VirtualService cart, which can be named instead',
    ],
    [
      'gives it nothing',
      'http: [{route: [{destination: {host: checkout}}, {destination: {host: cart}, weight: 1}]}]',
      'every http route of VirtualService web gives Service checkout weight 0; there is nothing to shift',
    ],
    [
      'has weights too great to be divided',
      'http: [{route: [{destination: {host: checkout}, weight: 1}, {destination: {host: cart}, weight: 1000001}]}]',
      'http route 1 of VirtualService web has a weight of 1000001; beside other backends at most 1000000 can be split by percent',
    ],
    [
      'has the canary Service in Git',
      'http: [{route: [{destination: {host: cart}}]}, {route: [{destination: {host: checkout}, weight: 1}, {destination: {host: checkout-canary.shop}}]}]',
      "http route 2 of VirtualService web already names Service checkout-canary, which is Headway's own; take it out of the http route, and use match to choose requests",
    ],
    [
      'leads there by streams alone',
      'http: [{route: [{destination: {host: cart}}]}]\ntls: [{route: [{destination: {host: checkout}}]}]\ntcp: [{route: [{destination: {host: cart}}]}, {route: [{destination: {host: checkout}}]}]',
      'only tls route 1, tcp route 2 of VirtualService web leads to Service checkout; only http routes can be split',
    ],
  ])('is one that %s', (_, spec, message) => {
    expect(problemsOf(targetFor({ virtualServices: [virtualService(spec)] }))).toEqual([
      `RouteNotSupported: ${message}`,
    ]);
  });

  it.each([
    ['{name: api, route: [{destination: {host: checkout}}]}', 'it has api'],
    ['{route: [{destination: {host: checkout}}]}', 'none of its http routes has a name'],
  ])('is one without the http routes that are named: %s', (route, known) => {
    expect(problemsOf(withRoutes(virtualService(`http: [${route}]`), ['web', 'pay']))).toEqual([
      `RouteNotSupported: VirtualService web has no http route named web, pay; ${known}`,
    ]);
  });

  it('is one for requests that are chosen by what Istio passes by', () => {
    const match = [{ headers: { Method: { exact: 'GET' }, a: { exact: 'b' } } }];
    expect(problemsOf(targetFor({ virtualServices: [virtualService(PLAIN)] }, { match }))).toEqual([
      'RouteNotSupported: match asks for header Method, which Istio passes by in a match of headers, so that every request would be chosen; choose another header',
    ]);
  });

  it('is none while Headway’s own weights are in it', () => {
    for (const weight of [0, 20, 100]) {
      const before = { virtualServices: [virtualService(PLAIN)] };
      const cluster = after(before, planWeight(targetFor(before), { weight }));
      expect(problemsOf(targetFor(cluster))).toEqual([]);
    }
  });

  it('is one whose weights of the canary are not Headway’s', () => {
    const before = { virtualServices: [virtualService(PLAIN)] };
    const [split] = after(before, planWeight(targetFor(before), { weight: 20 })).virtualServices;
    const copied = editedBy('argocd', split ?? virtualService(PLAIN), () => undefined);
    delete copied.metadata.annotations;
    expect(problemsOf(targetFor({ virtualServices: [copied] }))).toEqual([
      "RouteNotSupported: http route 1 of VirtualService web already names Service checkout-canary, which is Headway's own; take it out of the http route, and use match to choose requests",
    ]);
  });
});

describe('a subset', () => {
  const SUBSET = virtualService('http: [{route: [{destination: {host: checkout, subset: main}}]}]');
  const LEADS =
    'RouteNotSupported: http route 1 of VirtualService web leads to subset main of Service checkout, ';

  it.each<[string, string[], string[]]>([
    ['without labels', ['{host: checkout, subsets: [{name: main}]}'], []],
    [
      'of labels that new pods have',
      ['{host: checkout, subsets: [{name: main, labels: {app: checkout}}]}'],
      [],
    ],
    [
      'of labels that only old pods have',
      ['{host: checkout, subsets: [{name: main, labels: {app: checkout, version: v1}}]}'],
      [
        `${LEADS}which DestinationRule checkout limits to pods with version=v1; the new pods of Service checkout do not have that, so after the release nobody would answer: take it out of the subset`,
      ],
    ],
    [
      'that nobody defines',
      ['{host: checkout, subsets: [{name: other}]}', '{host: cart, subsets: [{name: main}]}'],
      [
        `${LEADS}which no DestinationRule of namespace shop defines for it; define it there, so that Service checkout-canary can have it too`,
      ],
    ],
    ['of a rule for many hosts', ['{host: "*.shop.svc.cluster.local", subsets: [{name: main}]}'], []],
    [
      'of a rule for many hosts, which does not hold beside one for the Service',
      ['{host: "*.local", subsets: [{name: main}]}', '{host: checkout}'],
      [
        `${LEADS}which no DestinationRule of namespace shop defines for it; define it there, so that Service checkout-canary can have it too`,
      ],
    ],
    [
      'of the second of two rules',
      ['{host: checkout}', '{host: checkout.shop, subsets: [{name: main}]}'],
      [],
    ],
  ])('%s', (_, rules, problems) => {
    const destinationRules = rules.map((spec, i) =>
      destinationRule(spec, i === 0 ? 'checkout' : `other-${i}`),
    );
    expect(problemsOf(targetFor({ virtualServices: [SUBSET], destinationRules }))).toEqual(problems);
  });

  it('is not judged by pods that nobody knows yet', () => {
    const destinationRules = [
      destinationRule('{host: checkout, subsets: [{name: main, labels: {version: v1}}]}'),
    ];
    expect(
      problemsOf(targetFor({ virtualServices: [SUBSET], destinationRules }, { podLabels: undefined })),
    ).toEqual([]);
  });

  it('that gets nothing does not matter', () => {
    const one = virtualService(
      'http: [{route: [{destination: {host: checkout}, weight: 100}, {destination: {host: checkout, subset: old}}]}]',
    );
    expect(problemsOf(targetFor({ virtualServices: [one] }))).toEqual([]);
  });
});

describe('what does not follow the weight', () => {
  it('are streams, and http routes that are not named', () => {
    const one = virtualService(`
http:
  - {name: web, route: [{destination: {host: checkout}}]}
  - {name: api, route: [{destination: {host: checkout}}]}
  - {route: [{destination: {host: checkout.shop}}]}
  - {name: cart, route: [{destination: {host: cart}}]}
tls: [{match: [{sniHosts: [a]}], route: [{destination: {host: checkout}}]}]
tcp: [{route: [{destination: {host: cart}}]}, {route: [{destination: {host: checkout}}]}]`);
    const left = (what: string) =>
      `requests that http route ${what} of VirtualService web takes do not follow the weight; it is not among the routes that are named`;
    const stream = (what: string) =>
      `connections that ${what} of VirtualService web takes do not follow the weight; only http routes do`;
    const target = withRoutes(one, ['web']);
    expect(observe(target).exceptions).toEqual([
      left('2 (api)'),
      left('3'),
      stream('tls route 1'),
      stream('tcp route 2'),
    ]);
    expect(problemsOf(target)).toEqual([]);
    const split = after({ virtualServices: [one] }, planWeight(target, { weight: 20 })).virtualServices;
    expect(observe(withRoutes(split[0] ?? one, ['web'])).exceptions).toHaveLength(4);
  });
});
