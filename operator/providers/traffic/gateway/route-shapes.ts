// SPDX-License-Identifier: Apache-2.0
// Shapes of routes as people write them, for the tests against a real API server; Service checkout is the one split.

interface Shape {
  readonly title: string;
  readonly kind: 'HTTPRoute' | 'GRPCRoute';
  /** YAML of the spec. */
  readonly spec: string;
}

const parent = 'parentRefs: [{name: main}]';

export const SHAPES: readonly Shape[] = [
  {
    title: 'as short as can be, all else by default',
    kind: 'HTTPRoute',
    spec: `
${parent}
rules: [{backendRefs: [{name: checkout, port: 80}]}]`,
  },
  {
    title: 'with every default written out, and a weight of its own',
    kind: 'HTTPRoute',
    spec: `
parentRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: main}]
rules:
  - matches: [{path: {type: PathPrefix, value: /}}]
    backendRefs: [{group: "", kind: Service, name: checkout, port: 80, weight: 7}]`,
  },
  {
    title: 'with several parents and hosts',
    kind: 'HTTPRoute',
    spec: `
parentRefs:
  - {name: main, namespace: infra, sectionName: http}
  - {name: main, namespace: infra, sectionName: https, port: 443}
  - {group: "", kind: Service, name: mesh}
hostnames: [shop.example.com, "*.example.org"]
rules: [{backendRefs: [{name: checkout, port: 80}]}]`,
  },
  {
    title: 'with filters and time-outs',
    kind: 'HTTPRoute',
    spec: `
${parent}
rules:
  - name: pay
    matches: [{path: {type: PathPrefix, value: /pay}, method: POST, queryParams: [{name: v, value: "2"}]}]
    timeouts: {request: 1m30s, backendRequest: 500ms}
    filters:
      - type: RequestHeaderModifier
        requestHeaderModifier: {set: [{name: x-a, value: "1"}], add: [{name: x-b, value: "2"}], remove: [x-c, x-d]}
      - {type: ResponseHeaderModifier, responseHeaderModifier: {remove: [server]}}
      - {type: RequestMirror, requestMirror: {backendRef: {name: checkout, port: 80}, fraction: {numerator: 1}}}
      - {type: CORS, cors: {allowOrigins: ["https://example.com"]}}
      - {type: URLRewrite, urlRewrite: {hostname: pay.example.com, path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}}
      - {type: ExtensionRef, extensionRef: {group: traefik.io, kind: Middleware, name: auth}}
    backendRefs:
      - name: checkout
        port: 80
        filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x-e, value: "3"}]}}]`,
  },
  {
    title: 'with rules for others between its own',
    kind: 'HTTPRoute',
    spec: `
${parent}
rules:
  - matches: [{path: {type: Exact, value: /old}}]
    filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]
  - matches: [{path: {value: /a}}, {path: {value: /b}, headers: [{name: X-Canary, value: mine}]}]
    backendRefs: [{name: checkout, port: 80}]
  - matches: [{path: {value: /web}}]
    backendRefs: [{name: web, port: 80}, {name: web-canary, port: 80, weight: 0}]
  - matches: [{path: {value: /else}}]
    backendRefs: [{name: checkout, namespace: other, port: 80}]
  - matches: [{path: {value: /files}}]
    backendRefs: [{group: example.com, kind: Bucket, name: checkout}]
  - matches: [{path: {type: RegularExpression, value: "/c[0-9]+"}}]
    backendRefs: [{name: checkout, port: 80, weight: 0}, {name: web, port: 80}]
  - backendRefs: [{name: checkout, port: 80, weight: 100}]`,
  },
  {
    title: 'with the Service beside others, and under two ports',
    kind: 'HTTPRoute',
    spec: `
${parent}
rules:
  - matches: [{path: {value: /shared}}]
    backendRefs: [{name: checkout, port: 80, weight: 70}, {name: legacy, port: 80, weight: 30}]
  - matches: [{path: {value: /thirds}}]
    backendRefs: [{name: legacy, port: 80}, {name: checkout, port: 80, weight: 2}, {name: off, port: 80, weight: 0}]
  - matches: [{path: {value: /ports}}]
    backendRefs: [{name: checkout, port: 80, weight: 1}, {name: checkout, port: 8080, weight: 3}]`,
  },
  {
    title: 'as short as can be',
    kind: 'GRPCRoute',
    spec: `
${parent}
rules: [{backendRefs: [{name: checkout, port: 80}]}]`,
  },
  {
    title: 'with methods, headers and filters',
    kind: 'GRPCRoute',
    spec: `
${parent}
hostnames: [grpc.example.com]
rules:
  - name: pay
    matches:
      - method: {service: shop.Payments, method: Pay}
        headers: [{name: version, value: "2"}]
      - method: {type: RegularExpression, service: "shop[.].*"}
    filters: [{type: RequestMirror, requestMirror: {backendRef: {name: shadow, port: 80}, percent: 5}}]
    backendRefs: [{name: checkout, port: 80, weight: 3}, {name: legacy, port: 80}]
  - matches: [{method: {method: Check}}]
    backendRefs: [{name: health, port: 80}]
  - backendRefs: [{name: checkout, port: 80}]`,
  },
];
