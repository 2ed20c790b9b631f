// SPDX-License-Identifier: Apache-2.0
// Shapes of VirtualServices as people write them, for tests with and without an API server; Service checkout is split.

interface Shape {
  readonly title: string;
  /** YAML of the spec. */
  readonly spec: string;
  /** Its http routes with 20 % for the canary. */
  readonly at20: readonly string[];
}

export const SHAPES: readonly Shape[] = [
  {
    title: 'as short as can be: one destination without a weight',
    spec: `
hosts: [checkout]
http: [{route: [{destination: {host: checkout}}]}]`,
    at20: ['checkout 80, checkout-canary 20'],
  },
  {
    title: 'with a weight that says nothing, as there is one destination',
    spec: `
hosts: [checkout]
http: [{route: [{destination: {host: checkout}, weight: 0}]}]`,
    at20: ['checkout 80, checkout-canary 20'],
  },
  {
    title: 'by full names, behind a gateway and in the mesh, for some namespaces',
    spec: `
hosts: ["*.example.com", checkout.shop.svc.cluster.local]
gateways: [infra/main, mesh]
exportTo: [".", infra]
http:
  - route:
      - destination: {host: checkout.shop.svc.cluster.local, port: {number: 80}}`,
    at20: ['checkout.shop.svc.cluster.local 80, checkout-canary.shop.svc.cluster.local 20'],
  },
  {
    title: 'with all that an http route can say',
    spec: `
hosts: [shop.example.com]
gateways: [main]
http:
  - name: pay
    match:
      - name: post
        uri: {prefix: /pay}
        method: {exact: POST}
        headers: {version: {exact: "2"}}
        sourceLabels: {app: web}
      - uri: {regex: "/buy/[0-9]+"}
        ignoreUriCase: true
        queryParams: {a: {exact: b}}
        withoutHeaders: {x-bot: {}}
    rewrite: {uri: /}
    timeout: 10s
    retries: {attempts: 3, perTryTimeout: 2s, retryOn: "5xx,connect-failure"}
    fault: {delay: {percentage: {value: 0.1}, fixedDelay: 5s}}
    mirror: {host: checkout, subset: shadow}
    mirrorPercentage: {value: 5}
    corsPolicy: {allowOrigins: [{exact: "https://example.com"}], maxAge: 24h}
    headers: {request: {set: {x-a: "1"}, remove: [x-b]}}
    route:
      - destination: {host: checkout, port: {number: 8080}}
        headers: {response: {add: {x-c: "2"}}}`,
    at20: ['checkout 80, checkout-canary 20'],
  },
  {
    title: 'with http routes for others between its own',
    spec: `
hosts: [shop.example.com]
gateways: [main]
http:
  - match: [{uri: {exact: /old}}]
    redirect: {uri: /new, redirectCode: 301}
  - match: [{uri: {prefix: /health}}]
    directResponse: {status: 200, body: {string: ok}}
  - match: [{uri: {prefix: /cart}}]
    route: [{destination: {host: cart}}]
  - match: [{uri: {prefix: /else}}]
    route: [{destination: {host: checkout.other.svc.cluster.local}}]
  - match: [{uri: {prefix: /all}}]
    route: [{destination: {host: checkout.shop.svc.clusterset.local}}]
  - match: [{uri: {prefix: /off}}]
    route: [{destination: {host: checkout}}, {destination: {host: cart}, weight: 100}]
  - match: [{uri: {prefix: /delegated}}]
    delegate: {name: reviews, namespace: other}
  - route: [{destination: {host: checkout}, weight: 100}]`,
    at20: [
      '',
      '',
      'cart -',
      'checkout.other.svc.cluster.local -',
      'checkout.shop.svc.clusterset.local -',
      'checkout -, cart 100',
      '',
      'checkout 80, checkout-canary 20',
    ],
  },
  {
    title: 'beside others, whose share stays',
    spec: `
hosts: [checkout]
http:
  - match: [{uri: {prefix: /whole}}]
    route: [{destination: {host: checkout}, weight: 70}, {destination: {host: legacy}, weight: 30}]
  - match: [{uri: {prefix: /parts}}]
    route: [{destination: {host: legacy}, weight: 1}, {destination: {host: checkout}, weight: 2}]
  - match: [{uri: {prefix: /none}}]
    route: [{destination: {host: legacy}}, {destination: {host: checkout}, weight: 100}]`,
    at20: [
      'checkout 56, checkout-canary 14, legacy 30',
      'legacy 5, checkout 8, checkout-canary 2',
      'legacy -, checkout 80, checkout-canary 20',
    ],
  },
  {
    title: 'twice in one http route, under two subsets and two ports',
    spec: `
hosts: [checkout]
http:
  - route:
      - {destination: {host: checkout, subset: east}, weight: 60}
      - {destination: {host: checkout, subset: west}, weight: 40}
  - route:
      - {destination: {host: checkout, port: {number: 80}}, weight: 25}
      - {destination: {host: checkout, port: {number: 8080}}, weight: 75}`,
    at20: [
      'checkout/east 48, checkout-canary/east 12, checkout/west 32, checkout-canary/west 8',
      'checkout 20, checkout-canary 5, checkout 60, checkout-canary 15',
    ],
  },
  {
    title: 'one to which another delegates: without hosts',
    spec: `
http: [{match: [{uri: {prefix: /pay/v2}}], route: [{destination: {host: checkout}}]}]`,
    at20: ['checkout 80, checkout-canary 20'],
  },
];
