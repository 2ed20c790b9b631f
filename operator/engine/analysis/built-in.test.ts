// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { Check } from '../../api/analysis.ts';
import { builtInQuery } from './built-in.ts';
import { armOf } from './sources.ts';
import type { QueryScope } from './query-types.ts';
import type { ArmsBy } from './types.ts';

const scope: QueryScope = {
  namespace: 'shop',
  canary: 'checkout',
  target: 'checkout',
  service: 'checkout',
  canaryService: 'checkout-canary',
  revision: 'new',
  stableRevision: 'old',
  ingress: 'checkout',
};

function query(fields: object, within: Partial<QueryScope> = {}, window = '1m') {
  const check = Check.parse({
    name: 'c',
    provider: 'prometheus',
    metric: 'request-success-rate',
    min: 99,
    ...fields,
  });
  return builtInQuery(
    { ...check, metric: check.metric ?? 'request-success-rate' },
    { ...scope, ...within },
    window,
  );
}

function expressionLines(...args: Parameters<typeof query>): string[] {
  const found = query(...args);
  return found.kind === 'built-in' ? found.expression.split(/(?<=\)) or (?=label_replace)/) : [found.message];
}

describe('builtInQuery', () => {
  it('asks the pods for both arms, how fresh they are and whether they are scraped', () => {
    expect(expressionLines({}).slice(0, 3)).toEqual([
      'label_replace(sum by (revision, code) ((http_requests_total{namespace="shop",revision="new"} unless http_requests_total{namespace="shop",revision="new"} offset 1m) or increase(http_requests_total{namespace="shop",revision=~"new|old"}[1m])), "part", "requests", "", "")',
      'label_replace(max by (revision) (timestamp(http_requests_total{namespace="shop",revision=~"new|old"})), "part", "seen", "", "")',
      'label_replace(max by (revision) (timestamp(up{namespace="shop",revision=~"new|old"}) and up{namespace="shop",revision=~"new|old"} == 1), "part", "scraped", "", "")',
    ]);
  });

  it('asks for what both arms counted since one interval before, and when all of it was scraped', () => {
    const counter = 'http_requests_total{namespace="shop",revision=~"new|old"}';
    const last = `last_over_time(${counter}[10m]`;
    expect(expressionLines({ interval: '1m30s' }).slice(3)).toEqual([
      `label_replace(sum by (revision, code) ((${last}) - ${last} offset 1m30s)) >= 0 or ${last})), "part", "tick", "", "")`,
      `label_replace(min(timestamp(${counter})), "part", "oldest", "", "")`,
    ]);
    expect(query({})).toMatchObject({ counted: { by: 'revision, code', counter: 'http_requests_total' } });
    expect(expressionLines({ compare: { to: 'none' } })).toHaveLength(3);
    expect(query({ compare: { to: 'none' } })).toHaveProperty('counted', undefined);
  });

  it('counts a new series of Traefik only where that Traefik was known before', () => {
    const service = 'service=~"shop-checkout-checkout-[a-z0-9]{1,15}(-canary)?@kubernetesingressnginx"';
    const last = `last_over_time(traefik_service_requests_total{${service}}[10m])`;
    expect(expressionLines({ source: 'traefik' })[3]).toContain(
      ` >= 0 or (${last} and on (job, instance) (traefik_config_reloads_total offset 30s)))`,
    );
  });

  it('asks for buckets where durations are judged', () => {
    expect(
      expressionLines({ metric: 'request-duration', min: undefined, max: 500 }, {}, '30s').slice(0, 3),
    ).toEqual([
      'label_replace(sum by (revision, le) ((http_request_duration_seconds_bucket{namespace="shop",revision="new"} unless http_request_duration_seconds_bucket{namespace="shop",revision="new"} offset 30s) or increase(http_request_duration_seconds_bucket{namespace="shop",revision=~"new|old"}[30s])), "part", "buckets", "", "")',
      'label_replace(max by (revision) (timestamp(http_request_duration_seconds_bucket{namespace="shop",revision=~"new|old",le="+Inf"})), "part", "seen", "", "")',
      'label_replace(max by (revision) (timestamp(up{namespace="shop",revision=~"new|old"}) and up{namespace="shop",revision=~"new|old"} == 1), "part", "scraped", "", "")',
    ]);
  });

  it('asks Traefik for the backend of the Ingress and that of its canary', () => {
    const service = 'service=~"shop-checkout-checkout-[a-z0-9]{1,15}(-canary)?@kubernetesingressnginx"';
    expect(expressionLines({ source: 'traefik' }).slice(0, 3)).toEqual([
      `label_replace(sum by (service, code) (((traefik_service_requests_total{${service}} unless traefik_service_requests_total{${service}} offset 1m) and on (job, instance) (traefik_config_reloads_total offset 1m)) or increase(traefik_service_requests_total{${service}}[1m])), "part", "requests", "", "")`,
      `label_replace(max by (service) (timestamp(traefik_service_requests_total{${service}})), "part", "seen", "", "")`,
      'label_replace(max(timestamp(traefik_config_reloads_total)), "part", "scraped", "", "")',
    ]);
  });

  it('asks Traefik for the backends of routes, and for the Service in their names', () => {
    const pattern =
      '(?:httproute-shop-www-shop|grpcroute-shop-rpc)-gw-.+-[0-9a-f]{20}-svc-shop-(checkout-canary|checkout)-[0-9]+@kubernetesgateway';
    const service = `service=~"${pattern}"`;
    const arm = `"backend", "$1", "service", "${pattern}"`;
    const routes = [
      { kind: 'HTTPRoute', name: 'www.shop' },
      { kind: 'GRPCRoute', name: 'rpc' },
    ];
    expect(expressionLines({ source: 'traefik' }, { ingress: undefined, routes })).toEqual([
      `label_replace(sum by (backend, code) (label_replace(((traefik_service_requests_total{${service}} unless traefik_service_requests_total{${service}} offset 1m) and on (job, instance) (traefik_config_reloads_total offset 1m)) or increase(traefik_service_requests_total{${service}}[1m]), ${arm})), "part", "requests", "", "")`,
      `label_replace(max by (backend) (label_replace(timestamp(traefik_service_requests_total{${service}}), ${arm})), "part", "seen", "", "")`,
      'label_replace(max(timestamp(traefik_config_reloads_total)), "part", "scraped", "", "")',
      `label_replace(sum by (backend, code) (label_replace((last_over_time(traefik_service_requests_total{${service}}[10m]) - last_over_time(traefik_service_requests_total{${service}}[10m] offset 30s)) >= 0 or (last_over_time(traefik_service_requests_total{${service}}[10m]) and on (job, instance) (traefik_config_reloads_total offset 30s)), ${arm})), "part", "tick", "", "")`,
      `label_replace(min(timestamp(traefik_service_requests_total{${service}})), "part", "oldest", "", "")`,
    ]);
  });

  it.each([
    [{}, { label: 'backend', canary: 'checkout-canary', stable: 'checkout' }],
    [
      { canaryService: 'checkout', isAlone: true },
      { label: 'backend', canary: 'checkout' },
    ],
  ])('tells the arms of routes apart by Service: %j', (within, armsBy) => {
    const routes = [{ kind: 'HTTPRoute', name: 'web' }];
    expect(query({ source: 'traefik' }, { ingress: undefined, routes, ...within })).toMatchObject({
      reading: { armsBy },
    });
  });

  it.each([
    [{}, 'shop-(checkout-canary|checkout)', { canary: 'checkout-canary', stable: 'checkout' }],
    [{ canaryService: 'checkout', isAlone: true }, 'shop-(checkout)', { canary: 'checkout' }],
    [
      { service: 'a--b', canaryService: 'a--b-canary' },
      'shop-(a-b-canary|a-b)',
      { canary: 'a-b-canary', stable: 'a-b' },
    ],
  ])('asks Traefik for what a TraefikService leads to: %j', (within, services, arms) => {
    const scope = { ingress: undefined, traefikService: 'web', ...within };
    const service = `service=~"${services}(?:-[a-z0-9]{1,15})?@kubernetescrd"`;
    const [requests] = expressionLines({ source: 'traefik' }, scope);
    expect(requests).toContain(`increase(traefik_service_requests_total{${service}}[1m])`);
    expect(query({ source: 'traefik' }, scope)).toMatchObject({
      reading: { armsBy: { label: 'backend', ...arms } },
    });
  });

  it('quotes what the user gives and sorts labels, so that the same question has the same text', () => {
    const labels = { path: '/a"b\\c', method: 'POST' };
    const [requests] = expressionLines({ labels }, { stableRevision: undefined });
    expect(requests).toContain('{namespace="shop",revision="new",method="POST",path="/a\\"b\\\\c"} unless');
    expect(requests).toContain(
      'increase(http_requests_total{namespace="shop",revision=~"new",method="POST",path="/a\\"b\\\\c"}[1m])',
    );
  });

  it('names a backend as Traefik does', () => {
    const [requests] = expressionLines({ source: 'traefik' }, { ingress: 'www.shop', service: 'check--out' });
    expect(requests).toContain(
      'service=~"shop-www-shop-check-out-[a-z0-9]{1,15}(-canary)?@kubernetesingressnginx"',
    );
  });

  it('carries how to read the answer', () => {
    expect(
      query({ metric: 'request-duration', min: undefined, max: 500, quantile: 95, minRequests: 40 }),
    ).toMatchObject({
      reading: {
        kind: 'request-duration',
        armsBy: { label: 'revision', canary: 'new', stable: 'old' },
        quantile: 0.95,
        minRequests: 40,
        counter: 'http_request_duration_seconds_bucket',
      },
    });
    expect(query({ source: 'traefik' })).toMatchObject({
      reading: {
        armsBy: { label: 'service', backend: 'shop-checkout-checkout' },
        quantile: 0.99,
        minRequests: 10,
      },
    });
  });

  it.each<[object, Partial<QueryScope>, object]>([
    [
      { labels: { revision: 'x' } },
      {},
      { field: 'labels.revision', message: 'Headway sets this label itself' },
    ],
    [{ labels: { le: '1' } }, {}, { field: 'labels.le', message: 'Headway sets this label itself' }],
    [
      { source: 'traefik', labels: { service: 'x' } },
      {},
      { field: 'labels.service', message: 'Headway sets this label itself' },
    ],
    [
      { source: 'traefik' },
      { ingress: undefined },
      {
        field: 'source',
        message:
          'traefik tells canary and stable apart only behind an Ingress, a Gateway or a TraefikService; set traffic or use http',
      },
    ],
  ])('refuses %j in %j', (fields, within, problem) => {
    expect(query(fields, within)).toEqual({ kind: 'invalid', ...problem });
  });
});

describe('armOf', () => {
  const byRevision: ArmsBy = { label: 'revision', canary: 'new', stable: 'old' };
  const byService: ArmsBy = { label: 'service', backend: 'shop-checkout-checkout' };

  const byBackend: ArmsBy = { label: 'backend', canary: 'checkout-canary', stable: 'checkout' };

  it.each<[ArmsBy, Record<string, string>, 'canary' | 'stable' | undefined]>([
    [byBackend, { backend: 'checkout-canary' }, 'canary'],
    [byBackend, { backend: 'checkout' }, 'stable'],
    [byBackend, { service: 'checkout' }, undefined],
    [{ label: 'backend', canary: 'checkout' }, { backend: 'checkout-canary' }, undefined],
    [byRevision, { revision: 'new' }, 'canary'],
    [byRevision, { revision: 'old' }, 'stable'],
    [byRevision, { revision: 'older' }, undefined],
    [byRevision, {}, undefined],
    [{ label: 'revision', canary: 'new' }, { revision: 'old' }, undefined],
    [byService, { service: 'shop-checkout-checkout-80@kubernetesingressnginx' }, 'stable'],
    [byService, { service: 'shop-checkout-checkout-http@kubernetesingressnginx' }, 'stable'],
    [byService, { service: 'shop-checkout-checkout-80-canary@kubernetesingressnginx' }, 'canary'],
    [byService, { service: 'shop-checkout-checkout-80-wrr@kubernetesingressnginx' }, undefined],
    [byService, { service: 'shop-checkout-checkout-v2-80@kubernetesingressnginx' }, undefined],
    [byService, { service: 'shop-checkout-checkout-v2-80-canary@kubernetesingressnginx' }, undefined],
    [byService, { service: 'shop-checkout-checkout-80@kubernetes' }, undefined],
    [byService, { service: 'other-80@kubernetesingressnginx' }, undefined],
  ])('%j of %j is %s', (armsBy, labels, arm) => {
    expect(armOf(armsBy, labels)).toBe(arm);
  });
});
