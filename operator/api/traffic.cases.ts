// SPDX-License-Identifier: Apache-2.0
import { at, good, RULES_NOT_RUN, type SpecCase } from './cases.ts';

const base = {
  targetRef: { kind: 'Deployment', name: 'shop' },
  service: { name: 'shop' },
  weights: [5, 25],
  interval: '2m',
};
const ingress = { ingress: { name: 'shop' } };
const parentRefs = [{ name: 'main' }];
const exact = { headers: { 'x-canary': { exact: 'always' } } };

const ONE_ROUTE = 'set exactly one of ingress, gateway, traefik, alb and istio';
const ONE_FORM = 'set exactly one of routes and template';
const ONE_TEST = 'set exactly one of exact, regex and prefix';
const ONE_HEADER =
  'the canary annotations of an Ingress know one header; use one match with one header, or traffic.gateway';
const NO_HEADER = 'behind alb requests cannot be chosen by a header; leave match out, or use traffic.gateway';
const NO_TRAEFIK_HEADER =
  'a TraefikService cannot choose requests by a header; leave match out, or use traffic.gateway: Traefik serves HTTPRoutes too';
const HOST = 'must be a host such as shop.example.com or *.example.com';

function behind(traffic: object, more: object = {}): object {
  return { ...base, traffic, ...more };
}

function routes(...list: unknown[]): object {
  return behind({ gateway: { routes: list } });
}

function istio(...virtualServices: unknown[]): object {
  return behind({ istio: { virtualServices } });
}

function template(more: object): object {
  return behind({ gateway: { template: { parentRefs, ...more } } });
}

function matching(...match: unknown[]): object {
  return behind({ gateway: { routes: [{ name: 'shop' }] } }, { match });
}

function matchingHeaders(headers: object): object {
  return matching({ headers });
}

export const goodTraffic: readonly SpecCase[] = [
  good('a route of the user', routes({ name: 'shop' })),
  good('routes of both kinds', routes({ name: 'shop' }, { kind: 'GRPCRoute', name: 'shop' })),
  good('16 routes', routes(...Array.from({ length: 16 }, (_, i) => ({ name: `shop-${i}` })))),
  good('the smallest template', template({})),
  good(
    'every field of a template',
    template({
      parentRefs: [{ namespace: 'infra', name: 'main', sectionName: 'https', port: 443 }],
      hostnames: ['*.example.com', 'shop.example.com'],
      port: 8080,
      rules: [
        {
          matches: [{ path: { type: 'Exact', value: '/pay' }, method: 'POST' }, { path: { value: '/cart' } }],
          timeouts: { request: '1m30s', backendRequest: '500ms' },
        },
        {},
      ],
    }),
  ),
  good(
    'headers of every test',
    matching(exact, { headers: { 'X-A': { regex: 'a|b' }, 'x.b': { prefix: 'c' } } }),
  ),
  good('one header behind an Ingress', behind(ingress, { match: [exact] })),
  good('an action of an ALB', behind({ alb: { ingress: 'shop.web' } })),
  good(
    'every field of an action of an ALB',
    behind({
      alb: { ingress: 'shop', action: 'a'.repeat(55), annotationPrefix: 'alb.example.com' },
      settle: '90s',
    }),
  ),
  good('a VirtualService', istio({ name: 'shop' })),
  good(
    '16 VirtualServices, and http routes by name',
    istio(...Array.from({ length: 16 }, (_, i) => ({ name: `shop-${i}`, routes: ['api', 'Web/2'] }))),
  ),
  good('headers behind a VirtualService', {
    ...istio({ name: 'shop' }),
    match: [exact, { headers: { a: { regex: 'b' }, c: { prefix: 'd' } } }],
  }),
  good('a TraefikService', behind({ traefik: { service: 'shop' } })),
];

export const badTraffic: readonly SpecCase[] = [
  {
    title: 'traffic without a route',
    spec: behind({ settle: '1s' }),
    operator: [`spec.traffic.ingress: ${ONE_ROUTE}`],
    server: [at('spec.traffic.ingress', ONE_ROUTE)],
  },
  {
    title: 'an Ingress and a gateway',
    spec: behind({ ...ingress, gateway: { routes: [{ name: 'shop' }] } }),
    operator: [`spec.traffic.ingress: ${ONE_ROUTE}`],
    server: [at('spec.traffic.ingress', ONE_ROUTE)],
  },
  {
    title: 'a gateway without routes',
    spec: behind({ gateway: {} }),
    operator: [`spec.traffic.gateway.routes: ${ONE_FORM}`],
    server: [at('spec.traffic.gateway.routes', ONE_FORM)],
  },
  {
    title: 'routes and a template',
    spec: behind({ gateway: { routes: [{ name: 'shop' }], template: { parentRefs } } }),
    operator: [`spec.traffic.gateway.routes: ${ONE_FORM}`],
    server: [at('spec.traffic.gateway.routes', ONE_FORM)],
  },
  {
    title: 'the same route twice',
    spec: routes({ name: 'shop' }, { kind: 'HTTPRoute', name: 'shop' }),
    operator: ['spec.traffic.gateway.routes: name each route once'],
    server: [at('spec.traffic.gateway.routes', 'name each route once')],
  },
  {
    title: 'a route of a kind that cannot be split',
    spec: routes({ kind: 'TCPRoute', name: 'shop' }),
    operator: ['spec.traffic.gateway.routes[0].kind: "TCPRoute": must be one of "HTTPRoute", "GRPCRoute"'],
    server: [
      at(
        'spec.traffic.gateway.routes[0].kind',
        'Unsupported value: "TCPRoute": supported values: "HTTPRoute", "GRPCRoute"',
      ),
      RULES_NOT_RUN,
    ],
  },
  {
    title: 'a template without a parent',
    spec: template({ parentRefs: [] }),
    operator: ['spec.traffic.gateway.template.parentRefs: must have at least 1 items'],
    server: [at('spec.traffic.gateway.template.parentRefs', 'should have at least 1 items')],
  },
  {
    title: 'hosts with a port and with a star inside',
    spec: template({ hostnames: ['shop:80', 'a.*.com'] }),
    operator: [
      `spec.traffic.gateway.template.hostnames[0]: "shop:80": ${HOST}`,
      `spec.traffic.gateway.template.hostnames[1]: "a.*.com": ${HOST}`,
    ],
    server: [
      at('spec.traffic.gateway.template.hostnames[0]', '"shop:80"', 'should match'),
      at('spec.traffic.gateway.template.hostnames[1]', '"a.*.com"', 'should match'),
    ],
  },
  {
    title: 'a path without its slash and a time-out without a unit',
    spec: template({ rules: [{ matches: [{ path: { value: 'pay' } }], timeouts: { request: '10' } }] }),
    operator: [
      'spec.traffic.gateway.template.rules[0].matches[0].path.value: "pay": must begin with "/"',
      'spec.traffic.gateway.template.rules[0].timeouts.request: "10": must be a duration such as 500ms, 10s or 1m30s',
    ],
    server: [
      at('spec.traffic.gateway.template.rules[0].matches[0].path.value', '"pay"', 'should match'),
      at('spec.traffic.gateway.template.rules[0].timeouts.request', '"10"', 'should match'),
    ],
  },
  {
    title: 'attempts that may take longer than the request',
    spec: template({
      rules: [
        { timeouts: { request: '1s', backendRequest: '1s1ms' } },
        { timeouts: { request: '0s', backendRequest: '5s' } },
        { timeouts: { request: '60s', backendRequest: '1m' } },
      ],
    }),
    operator: [
      'spec.traffic.gateway.template.rules[0].timeouts.backendRequest: "1s1ms": must not be longer than request',
    ],
    server: [
      at('spec.traffic.gateway.template.rules[0].timeouts.backendRequest', 'must not be longer than request'),
    ],
  },
  {
    title: 'match without traffic',
    spec: { ...base, match: [exact] },
    operator: ['spec.match: match needs traffic: pods behind a Service cannot be chosen by a header'],
    server: [at('spec.match', 'match needs traffic: pods behind a Service cannot be chosen by a header')],
  },
  {
    title: 'two headers behind an Ingress',
    spec: behind(ingress, { match: [{ headers: { a: { exact: '1' }, b: { exact: '2' } } }] }),
    operator: [`spec.match: ${ONE_HEADER}`],
    server: [at('spec.match', ONE_HEADER)],
  },
  {
    title: 'two matches behind an Ingress',
    spec: behind(ingress, { match: [exact, exact] }),
    operator: [`spec.match: ${ONE_HEADER}`],
    server: [at('spec.match', ONE_HEADER)],
  },
  {
    title: 'a header behind an ALB',
    spec: behind({ alb: { ingress: 'shop' } }, { match: [exact] }),
    operator: [`spec.match: ${NO_HEADER}`],
    server: [at('spec.match', NO_HEADER)],
  },
  {
    title: 'an Ingress and an ALB',
    spec: behind({ ...ingress, alb: { ingress: 'shop' } }),
    operator: [`spec.traffic.ingress: ${ONE_ROUTE}`],
    server: [at('spec.traffic.ingress', ONE_ROUTE)],
  },
  {
    title: 'a match behind a TraefikService',
    spec: behind({ traefik: { service: 'shop' } }, { match: [exact] }),
    operator: [`spec.match: ${NO_TRAEFIK_HEADER}`],
    server: [at('spec.match', NO_TRAEFIK_HEADER)],
  },
  {
    title: 'a TraefikService and a gateway',
    spec: behind({ traefik: { service: 'shop' }, gateway: { routes: [{ name: 'shop' }] } }),
    operator: [`spec.traffic.ingress: ${ONE_ROUTE}`],
    server: [at('spec.traffic.ingress', ONE_ROUTE)],
  },
  {
    title: 'an ALB without its Ingress',
    spec: behind({ alb: {} }),
    operator: ['spec.traffic.alb.ingress: is required'],
    server: [at('spec.traffic.alb.ingress', 'Required value'), RULES_NOT_RUN],
  },
  {
    title: 'an action whose annotation would be too long, and a prefix with a slash',
    spec: behind({
      alb: { ingress: 'shop', action: 'a'.repeat(56), annotationPrefix: 'alb.example.com/actions' },
    }),
    operator: [
      `spec.traffic.alb.action: "${'a'.repeat(56)}": must have at most 55 characters`,
      'spec.traffic.alb.annotationPrefix: "alb.example.com/actions": must be a domain such as alb.ingress.kubernetes.io, without "/"',
    ],
    server: [
      at('spec.traffic.alb.action', 'may not be more than 55'),
      at('spec.traffic.alb.annotationPrefix', '"alb.example.com/actions"', 'should match'),
      RULES_NOT_RUN,
    ],
  },
  {
    title: 'a VirtualService and an Ingress',
    spec: behind({ ...ingress, istio: { virtualServices: [{ name: 'shop' }] } }),
    operator: [`spec.traffic.ingress: ${ONE_ROUTE}`],
    server: [at('spec.traffic.ingress', ONE_ROUTE)],
  },
  {
    title: 'Istio without a VirtualService',
    spec: istio(),
    operator: ['spec.traffic.istio.virtualServices: must have at least 1 items'],
    server: [at('spec.traffic.istio.virtualServices', 'should have at least 1 items')],
  },
  {
    title: 'the same VirtualService twice',
    spec: istio({ name: 'shop', routes: ['a'] }, { name: 'shop', routes: ['b'] }),
    operator: ['spec.traffic.istio.virtualServices: name each VirtualService once'],
    server: [at('spec.traffic.istio.virtualServices', 'name each VirtualService once')],
  },
  {
    title: 'a VirtualService of another namespace',
    spec: istio({ name: 'other/shop' }),
    operator: [
      'spec.traffic.istio.virtualServices[0].name: "other/shop": must be lower-case letters, digits, "-" and ".", starting and ending with a letter or digit',
    ],
    server: [at('spec.traffic.istio.virtualServices[0].name', '"other/shop"', 'should match')],
  },
  {
    title: 'no http route, and one without a name',
    spec: istio({ name: 'shop', routes: [] }, { name: 'cart', routes: [''] }),
    operator: [
      'spec.traffic.istio.virtualServices[0].routes: must have at least 1 items',
      'spec.traffic.istio.virtualServices[1].routes[0]: "": must have at least 1 characters',
    ],
    server: [
      at('spec.traffic.istio.virtualServices[0].routes', 'should have at least 1 items'),
      at('spec.traffic.istio.virtualServices[1].routes[0]', 'should be at least 1 chars long'),
    ],
  },
  {
    title: 'a TraefikService whose name is no name',
    spec: behind({ traefik: { service: 'Shop@kubernetescrd' } }),
    operator: [
      'spec.traffic.traefik.service: "Shop@kubernetescrd": must be lower-case letters, digits, "-" and ".", starting and ending with a letter or digit',
    ],
    server: [at('spec.traffic.traefik.service', '"Shop@kubernetescrd"', 'should match')],
  },
  {
    title: 'a TraefikService without a name',
    spec: behind({ traefik: {} }),
    operator: ['spec.traffic.traefik.service: is required'],
    server: [at('spec.traffic.traefik.service', 'Required value'), RULES_NOT_RUN],
  },
  {
    title: 'a match without headers',
    spec: matchingHeaders({}),
    operator: ['spec.match[0].headers: must have 1 to 8 headers'],
    server: [at('spec.match[0].headers', 'should have at least 1 properties')],
  },
  {
    title: 'nine headers',
    spec: matchingHeaders(
      Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`x-${i}`, { exact: '1' }])),
    ),
    operator: ['spec.match[0].headers: must have 1 to 8 headers'],
    server: [at('spec.match[0].headers', 'must have at most 8'), RULES_NOT_RUN],
  },
  {
    title: 'a header with two tests and one with none',
    spec: matchingHeaders({ a: { exact: '1', prefix: '2' }, b: {} }),
    operator: [`spec.match[0].headers.a: ${ONE_TEST}`, `spec.match[0].headers.b: ${ONE_TEST}`],
    server: [at('spec.match[0].headers[a]', ONE_TEST), at('spec.match[0].headers[b]', ONE_TEST)],
  },
  {
    title: 'a name that no header can have',
    spec: matchingHeaders({ 'x canary': { exact: '1' } }),
    operator: [
      'spec.match[0].headers: names of headers must be 1 to 63 letters, digits and other characters of a token',
    ],
    server: [at('spec.match[0].headers', 'names of headers must be 1 to 63 letters')],
  },
  {
    title: 'an empty value',
    spec: matchingHeaders({ a: { exact: '' } }),
    operator: ['spec.match[0].headers.a.exact: "": must have at least 1 characters'],
    server: [at('spec.match[0].headers.a.exact', 'should be at least 1 chars long')],
  },
];
