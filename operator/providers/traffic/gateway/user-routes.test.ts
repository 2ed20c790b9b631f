// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../kube/objects.ts';
import { beforeAnnotation } from '../weights/note.ts';
import type { UserRoutesTarget } from './schema.ts';
import { accepted, editedBy, PLAIN, routeFrom, targetFor, written } from './test-objects.ts';
import { userRoutesRouter } from './user-routes.ts';

const { observe, planWeight, planRest } = userRoutesRouter;

const MATCH = [{ headers: { 'x-canary': { exact: 'always' } } }];
const chosen = (route: KubeObject): UserRoutesTarget => ({ ...targetFor(route), match: MATCH });

function at(weight: number, route = routeFrom(PLAIN)): KubeObject {
  return accepted(written(route, planWeight(targetFor(route), { weight })[0]));
}

function atMatch(weight: number, route = routeFrom(PLAIN)): KubeObject {
  return accepted(written(route, planWeight(chosen(route), { weight, matched: true })[0]));
}

function rested(route: KubeObject): KubeObject {
  return accepted(written(route, planRest(targetFor(route))[0]));
}

function specOf({ spec }: KubeObject) {
  return spec as { rules: { matches?: unknown[]; backendRefs: { name: string; weight?: number }[] }[] };
}

function backendsOf(route: KubeObject): string[] {
  return specOf(route).rules.map(({ backendRefs }) =>
    backendRefs.map(({ name, weight }) => `${name} ${weight}`).join(', '),
  );
}

const RICH = `
parentRefs: [{name: main, namespace: infra}, {name: edge}]
hostnames: [shop.example.com]
vendorField: {kept: true}
rules:
  - name: health
    matches: [{path: {type: Exact, value: /healthz}}]
    filters: [{type: RequestRedirect, requestRedirect: {scheme: https, statusCode: 301}}]
  - name: pay
    matches:
      - {path: {type: PathPrefix, value: /pay}, method: POST, headers: [{type: Exact, name: version, value: "2"}]}
      - {path: {type: PathPrefix, value: /buy}, queryParams: [{type: Exact, name: a, value: b}]}
    filters:
      - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x, value: "1"}]}}
      - {type: ExtensionRef, extensionRef: {group: traefik.io, kind: Middleware, name: auth}}
    timeouts: {request: 10s, backendRequest: 2s}
    retry: {attempts: 3}
    backendRefs:
      - {group: "", kind: Service, name: checkout, port: 80, weight: 70, filters: [{type: URLRewrite}]}
      - {group: "", kind: Service, name: legacy, port: 80, weight: 30}
  - matches: [{path: {type: PathPrefix, value: /other}}]
    backendRefs: [{group: "", kind: Service, name: checkout, namespace: other, port: 80, weight: 1}]
  - matches: [{path: {type: PathPrefix, value: /}}]
    sessionPersistence: {sessionName: s}
    backendRefs: [{group: "", kind: Service, name: checkout, port: 80}]
`;

describe('a route of the user', () => {
  it('at rest says so', () => {
    expect(observe(targetFor(routeFrom(PLAIN)))).toEqual({
      weight: 0,
      matched: false,
      exists: false,
      outdated: false,
      problems: [],
      exceptions: [],
    });
    expect(planRest(targetFor(routeFrom(PLAIN)))).toEqual([]);
  });

  it.each([PLAIN, RICH])(
    'carries every weight, is at rest with it, and is in the end as it was: %#',
    (spec) => {
      const before = routeFrom(spec);
      let route = before;
      for (const weight of [0, 1, 33, 50, 99, 100, 0, 5]) {
        const [write] = planWeight(targetFor(route), { weight });
        route = accepted(written(route, write));
        expect(observe(targetFor(route))).toEqual({
          weight,
          matched: false,
          exists: true,
          outdated: false,
          problems: [],
          exceptions: [],
        });
        expect(planWeight(targetFor(route), { weight })).toEqual([]);
      }
      const after = rested(route);
      expect(after['spec']).toEqual(before['spec']);
      expect(after.metadata.annotations ?? {}).toEqual({});
      expect(planRest(targetFor(after))).toEqual([]);
    },
  );

  it('is changed only in the backends of rules that lead to the Service', () => {
    const before = routeFrom(RICH);
    const [write] = planWeight(targetFor(before), { weight: 5 });
    expect(
      write?.kind === 'patch' &&
        write.operations.map(({ op, ...rest }) => `${op} ${'path' in rest && rest.path}`),
    ).toEqual([
      'test /metadata/resourceVersion',
      'replace /spec/rules/1/backendRefs',
      'replace /spec/rules/3/backendRefs',
      'add /metadata/annotations',
    ]);
    expect(
      backendsOf({
        ...written(before, write),
        spec: { rules: specOf(written(before, write)).rules.slice(1) },
      }),
    ).toEqual(['checkout 133, checkout-canary 7, legacy 60', 'checkout 1', 'checkout 95, checkout-canary 5']);
  });

  it('keeps annotations of others, and what was in it before', () => {
    const before = routeFrom(PLAIN);
    before.metadata.annotations = { mine: 'yes' };
    const route = at(20, before);
    expect(Object.keys(route.metadata.annotations ?? {})).toEqual(['mine', 'headway.dev/before-checkout']);
    expect(rested(route).metadata.annotations).toEqual({ mine: 'yes' });
  });

  it.each([-1, 101, 0.5])('takes no weight %d', (weight) => {
    expect(() => planWeight(targetFor(routeFrom(PLAIN)), { weight })).toThrow(
      `a weight is an integer from 0 to 100, not ${weight}`,
    );
  });

  it('may be a GRPCRoute', () => {
    const route = { ...routeFrom(PLAIN), kind: 'GRPCRoute' };
    expect(planWeight(targetFor(route), { weight: 5 })).toMatchObject([
      { kind: 'patch', resource: 'grpcRoutes' },
    ]);
  });
});

describe('requests that are chosen', () => {
  it('have rules of their own in front, while the rest follows the weight', () => {
    const route = atMatch(0, routeFrom(RICH));
    const { rules } = specOf(route);
    expect(backendsOf({ ...route, spec: { rules: rules.slice(1) } })).toEqual([
      'checkout-canary 70',
      'checkout 70, checkout-canary 0, legacy 30',
      'checkout 1',
      'checkout-canary undefined',
      'checkout 100, checkout-canary 0',
    ]);
    const header = { type: 'Exact', name: 'x-canary', value: 'always' };
    expect(rules[1]).toEqual({
      ...(({ name: _name, ...rest }) => rest)(specOf(routeFrom(RICH)).rules[1] as { name?: string }),
      matches: [
        {
          path: { type: 'PathPrefix', value: '/pay' },
          method: 'POST',
          headers: [{ type: 'Exact', name: 'version', value: '2' }, header],
        },
        {
          path: { type: 'PathPrefix', value: '/buy' },
          queryParams: [{ type: 'Exact', name: 'a', value: 'b' }],
          headers: [header],
        },
      ],
      backendRefs: [expect.objectContaining({ name: 'checkout-canary', filters: [{ type: 'URLRewrite' }] })],
    });
    expect(observe(chosen(route))).toMatchObject({ weight: 0, matched: true, exists: true, outdated: false });
  });

  it('go back with the weight, and the route is as it was', () => {
    const route = atMatch(20, routeFrom(RICH));
    const without = accepted(written(route, planWeight(chosen(route), { weight: 0 })[0]));
    expect(observe(chosen(without))).toMatchObject({ weight: 0, matched: false, outdated: false });
    expect(rested(route)['spec']).toEqual(routeFrom(RICH)['spec']);
    expect(rested(without)['spec']).toEqual(routeFrom(RICH)['spec']);
  });

  it.each([
    [{ exact: 'a.b' }, { type: 'Exact', value: 'a.b' }],
    [{ regex: '^a|b$' }, { type: 'RegularExpression', value: '^a|b$' }],
    [{ prefix: 'a.b' }, { type: 'RegularExpression', value: '^a\\.b.*$' }],
  ])('by %j are asked for %j', (test, header) => {
    const target = { ...targetFor(routeFrom(PLAIN)), match: [{ headers: { h: test } }] };
    const [write] = planWeight(target, { weight: 0, matched: true });
    const [rule] = specOf(written(routeFrom(PLAIN), write)).rules;
    expect(rule?.matches).toEqual([
      { path: { type: 'PathPrefix', value: '/' }, headers: [{ name: 'h', ...header }] },
    ]);
  });

  it('are not asked for twice: a rule that wants another value of the header has none', () => {
    const target = {
      ...targetFor(routeFrom(RICH)),
      match: [{ headers: { VERSION: { exact: '3' } } }],
    };
    const [write] = planWeight(target, { weight: 0, matched: true });
    const { rules } = specOf(written(routeFrom(RICH), write));
    expect(rules[1]?.matches).toHaveLength(1);
  });
});

describe('a route that somebody edits meanwhile', () => {
  it('in another place stays so, also at rest', () => {
    const edited = editedBy('kubectl-edit', at(20), ({ rules }) => {
      Object.assign(rules[0] ?? {}, { timeouts: { request: '3s' } });
    });
    expect(observe(targetFor(accepted(edited)))).toMatchObject({ weight: 20, outdated: false });
    expect(observe(targetFor(edited))).not.toHaveProperty('overwritten');
    const [rule] = specOf(routeFrom(PLAIN)).rules;
    expect(specOf(rested(edited)).rules).toEqual([{ ...rule, timeouts: { request: '3s' } }]);
  });

  it('with a rule in front comes back with it', () => {
    const added = { matches: [], backendRefs: [{ name: 'new', port: 80, weight: 1 }] };
    const edited = editedBy('kubectl-edit', at(5, routeFrom(RICH)), ({ rules }) => void rules.unshift(added));
    expect(observe(targetFor(edited))).toMatchObject({ weight: 5, outdated: false });
    expect(specOf(rested(edited)).rules).toEqual([added, ...specOf(routeFrom(RICH)).rules]);
  });

  it('with another rule to the Service gets the weight there too, and that is no fight', () => {
    const added = { matches: [], backendRefs: [{ name: 'checkout', port: 81, weight: 3 }] };
    const edited = editedBy('kubectl-edit', at(20), ({ rules }) => void rules.push(added));
    const facts = observe(targetFor(edited));
    expect(facts).toMatchObject({ weight: 20, outdated: true });
    expect(facts).not.toHaveProperty('overwritten');
    const again = written(edited, planWeight(targetFor(edited), { weight: 20 })[0]);
    expect(backendsOf(again)).toEqual(['checkout 80, checkout-canary 20', 'checkout 80, checkout-canary 20']);
    expect(specOf(rested(again)).rules).toEqual([...specOf(routeFrom(PLAIN)).rules, added]);
  });

  it('with another weight of another backend keeps that', () => {
    const edited = editedBy('kubectl-edit', at(50, routeFrom(RICH)), ({ rules }) => {
      const refs = rules[1]?.['backendRefs'] as { weight: number }[];
      refs.splice(2, 1, ...refs.slice(2).map((ref) => ({ ...ref, weight: 90 })));
    });
    expect(backendsOf({ ...rested(edited), spec: { rules: [specOf(rested(edited)).rules[1]] } })).toEqual([
      'checkout 70, legacy 90',
    ]);
  });

  it.each([
    [
      'another weight',
      80,
      (refs: { weight?: number }[]) => refs.forEach((ref, i) => (ref.weight = [20, 80][i] ?? 0)),
    ],
    ['the canary taken out', 0, (refs: unknown[]) => void refs.pop()],
  ])('with %s is overwritten, and said who did it', (_, weight, edit) => {
    const edited = editedBy('argocd-controller', at(20), ({ rules }) =>
      edit(rules[0]?.['backendRefs'] as never),
    );
    expect(observe(targetFor(edited))).toMatchObject({
      weight,
      overwritten: { field: 'spec.rules of HTTPRoute web', manager: 'argocd-controller' },
    });
    const back = written(edited, planWeight(targetFor(edited), { weight: 20 })[0]);
    expect(observe(targetFor(back))).toMatchObject({ weight: 20, outdated: false });
    expect(observe(targetFor(back))).not.toHaveProperty('overwritten');
  });

  it('with the rules of Git again, and then comes to rest: only the note goes', () => {
    const synced = editedBy('argocd', at(20), (spec) => {
      spec.rules = structuredClone(specOf(routeFrom(PLAIN)).rules);
    });
    expect(observe(targetFor(synced))).toMatchObject({ weight: 0, exists: false, outdated: true });
    const [write] = planRest(targetFor(synced));
    expect(write?.kind === 'patch' && write.operations.map(({ op }) => op)).toEqual(['test', 'remove']);
    expect(rested(synced)['spec']).toEqual(routeFrom(PLAIN)['spec']);
  });

  it('and loses the note: the weight goes back to whom it was taken from', () => {
    const route = at(5, routeFrom(RICH));
    delete route.metadata.annotations;
    const { rules } = specOf(rested(route));
    expect(backendsOf({ ...route, spec: { rules: [rules[1], rules[3]] } })).toEqual([
      'checkout 140, legacy 60',
      'checkout 100',
    ]);
  });

  it.each(['{', '[]', '{"weight": "x"}', 'null'])('and has its note replaced by %s', (text) => {
    const route = at(20);
    route.metadata.annotations = { 'headway.dev/before-checkout': text };
    expect(observe(targetFor(route))).toMatchObject({ weight: 20, outdated: true });
    expect(backendsOf(rested(route))).toEqual(['checkout 100']);
  });
});

describe('several routes', () => {
  it('are moved each, and until all are, what is said is the greatest weight', () => {
    const [one, two] = [routeFrom(PLAIN, 'one'), routeFrom(PLAIN, 'two')];
    const writes = planWeight(targetFor(one, two), { weight: 20 });
    expect(writes.map((write) => 'name' in write && write.name)).toEqual(['one', 'two']);
    const half = targetFor(accepted(written(one, writes[0])), two);
    expect(observe(half)).toMatchObject({ weight: 20, exists: true, outdated: true });
    expect(planWeight(half, { weight: 20 })).toHaveLength(1);
    expect(planRest(half)).toHaveLength(1);
  });

  it('of which one is gone still move back', () => {
    const one = at(20, routeFrom(PLAIN, 'one'));
    const target = targetFor(one);
    const missing = { kind: 'HTTPRoute', name: 'two', route: undefined, isServed: true } as const;
    const broken = { ...target, routes: [...target.routes, missing] };
    expect(observe(broken).problems).toEqual([
      { reason: 'RouteNotFound', message: 'HTTPRoute two does not exist in namespace shop' },
    ]);
    expect(planWeight(broken, { weight: 0 })).toHaveLength(1);
  });
});

describe('a route of two Canaries', () => {
  const BOTH = `
rules:
  - matches: [{path: {type: PathPrefix, value: /}}]
    backendRefs: [{group: "", kind: Service, name: checkout, port: 80, weight: 1}]
  - matches: [{path: {type: PathPrefix, value: /api}}]
    backendRefs: [{group: "", kind: Service, name: api, port: 80, weight: 7}]
`;
  const api = (route: KubeObject): UserRoutesTarget => ({
    ...targetFor(route),
    service: 'api',
    canaryService: 'api-canary',
  });

  it('is moved by each for itself, in any order', () => {
    const first = at(20, routeFrom(BOTH));
    const both = accepted(written(first, planWeight(api(first), { weight: 50 })[0]));
    expect(backendsOf(both)).toEqual(['checkout 80, checkout-canary 20', 'api 50, api-canary 50']);
    expect(observe(targetFor(both))).toMatchObject({ weight: 20, outdated: false, problems: [] });
    expect(observe(api(both))).toMatchObject({ weight: 50, outdated: false, problems: [] });
    const one = rested(both);
    expect(backendsOf(one)).toEqual(['checkout 1', 'api 50, api-canary 50']);
    const none = written(one, planRest(api(one))[0]);
    expect(none['spec']).toEqual(routeFrom(BOTH)['spec']);
    expect(none.metadata.annotations).toEqual({});
  });

  it('has a note for each of two long names', () => {
    const keys = ['a', 'b'].map((end) => beforeAnnotation('s'.repeat(62) + end));
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(key.split('/')[1]?.length).toBeLessThanOrEqual(63);
  });
});
