// SPDX-License-Identifier: Apache-2.0
// Shapes of TraefikServices as people write them, for the tests without and with a real API server; Service checkout is
// the one split.

interface Shape {
  readonly title: string;
  /** YAML of the spec. */
  readonly spec: string;
  /** What 20 percent for the canary makes of the entries, as `name weight`; `-` for an entry without one. */
  readonly at20: string;
}

export const SHAPES: readonly Shape[] = [
  {
    title: 'as short as can be',
    spec: 'weighted: {services: [{name: checkout, port: 80}]}',
    at20: 'checkout 80, checkout-canary 20',
  },
  {
    title: 'with a weight of its own and a named port',
    spec: 'weighted: {services: [{name: checkout, kind: Service, namespace: shop, port: http, weight: 7}]}',
    at20: 'checkout 80, checkout-canary 20',
  },
  {
    title: 'with all that an entry can have',
    spec: `
weighted:
  sticky: {cookie: {name: lb, secure: true, httpOnly: true, sameSite: lax, maxAge: 60, path: /, domain: example.com}}
  services:
    - name: checkout
      kind: Service
      port: 80
      scheme: http
      strategy: p2c
      passHostHeader: false
      serversTransport: mtls
      nativeLB: true
      middlewares: [{name: auth, namespace: shop}]
      responseForwarding: {flushInterval: 10ms}
      passiveHealthCheck: {failureWindow: 10s, maxFailedAttempts: 3}
      sticky: {cookie: {name: pod}}`,
    at20: 'checkout 80, checkout-canary 20',
  },
  {
    title: 'beside others, nested ones and namesakes elsewhere',
    spec: `
weighted:
  services:
    - {name: legacy, port: 80, weight: 3}
    - {name: checkout, port: 80, weight: 5}
    - {name: checkout, kind: TraefikService, weight: 1}
    - {name: checkout, namespace: other, port: 80, weight: 1}
    - {name: off, port: 80, weight: 0}`,
    at20: 'legacy 3, checkout 4, checkout-canary 1, checkout 1, checkout 1, off 0',
  },
  {
    title: 'beside another, where the weights have no whole numbers',
    spec: 'weighted: {services: [{name: checkout, port: 80}, {name: legacy, port: 80}]}',
    at20: 'checkout 4, checkout-canary 1, legacy 5',
  },
  {
    title: 'under two ports, one of them off',
    spec: `
weighted:
  services:
    - {name: checkout, port: 80, weight: 10}
    - {name: checkout, port: 8080, weight: 20}
    - {name: checkout, port: 9090, weight: 0}`,
    at20: 'checkout 8, checkout-canary 2, checkout 16, checkout-canary 4, checkout 0',
  },
];
