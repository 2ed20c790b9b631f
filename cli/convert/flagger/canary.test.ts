// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { resultOf } from '../test-sources.ts';

const TARGET = { targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } };
const WEIGHTS = { interval: '1m', threshold: 5, stepWeight: 10, maxWeight: 30 };
const RATE = { name: 'request-success-rate', thresholdRange: { min: 99 }, interval: '30s' };

function canary(analysis: object, more: object = {}): object {
  return {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'Canary',
    metadata: { name: 'web', namespace: 'test' },
    spec: {
      provider: 'nginx',
      ingressRef: { name: 'web' },
      ...TARGET,
      service: { port: 80 },
      analysis,
      ...more,
    },
  };
}

function specOf(analysis: object, more?: object): Record<string, unknown> | undefined {
  const result = resultOf(canary(analysis, more));
  return result.spec('Canary') ?? result.spec('BlueGreen');
}

describe('weights', () => {
  it.each<[string, object, object]>([
    ['a step', WEIGHTS, { weights: [10, 20, 30], interval: '1m' }],
    ['a step that does not fit', { ...WEIGHTS, maxWeight: 35 }, { weights: [10, 20, 30, 35] }],
    ['to the end', { ...WEIGHTS, stepWeight: 50, maxWeight: undefined }, { weights: [50, 100] }],
    [
      'a list',
      { interval: '90s', threshold: 1, stepWeights: [1, 5, 5, 80] },
      { weights: [1, 5, 80], interval: '1m30s' },
    ],
    ['an interval that Flagger does not keep', { ...WEIGHTS, interval: '5s' }, { interval: '10s' }],
    ['no weights', { interval: '1m', threshold: 1 }, { weights: [100] }],
  ])('%s', (_, analysis, spec) => {
    expect(specOf(analysis)).toMatchObject(spec);
  });

  it('are not more than fit, and end where they ended', () => {
    const weights = specOf({ ...WEIGHTS, stepWeight: 1, maxWeight: 100 })?.['weights'] as number[];
    expect(weights.length).toBeLessThanOrEqual(16);
    expect(weights.at(-1)).toBe(100);
  });

  it('have a person where a webhook was asked', () => {
    const webhooks = [
      { name: 'a', type: 'confirm-traffic-increase', url: 'http://x' },
      { name: 'b', type: 'confirm-promotion', url: 'http://x' },
      { name: 'c', type: 'confirm-rollout', url: 'http://x' },
    ];
    const spec = specOf({ ...WEIGHTS, maxWeight: 20, webhooks });
    expect(spec?.['steps']).toEqual([
      { setWeight: 10 },
      { pause: { duration: '1m' } },
      { pause: {} },
      { setWeight: 20 },
      { pause: { duration: '1m' } },
      { pause: {} },
    ]);
    expect(spec?.['releasePolicy']).toBe('Managed');
    expect(spec?.['weights']).toBeUndefined();
  });
});

describe('iterations', () => {
  it('with requests that are chosen are a step at weight 0', () => {
    const match = [{ headers: { 'x-canary': { exact: 'yes' } } }];
    const spec = specOf({ interval: '1m', threshold: 2, iterations: 10, match, metrics: [RATE] });
    expect(spec).toMatchObject({
      match: [{ headers: { 'x-canary': { exact: 'yes' } } }],
      steps: [
        { setWeight: 0 },
        { analysis: { duration: '10m', checks: [{ name: 'request-success-rate' }] } },
      ],
    });
    expect(spec?.['analysis']).toBeUndefined();
  });

  it('without them are a BlueGreen', () => {
    const result = resultOf(
      canary(
        { interval: '30s', threshold: 2, iterations: 10, metrics: [RATE] },
        { provider: 'kubernetes', ingressRef: undefined },
      ),
    );
    expect(result.spec('BlueGreen')).toMatchObject({
      prePromotion: { duration: '5m', checks: [{ min: 99 }] },
    });
    expect(result.looks('BlueGreen').join()).toMatch(/no client reaches the preview/);
  });

  it('without metrics are a time, or a person', () => {
    const analysis = { interval: '30s', threshold: 2, iterations: 10 };
    expect(specOf(analysis)).toMatchObject({ autoPromoteAfter: '5m' });
    const webhooks = [{ name: 'a', type: 'confirm-promotion', url: 'http://x' }];
    const spec = specOf({ ...analysis, webhooks });
    expect(spec).toMatchObject({ autoPromote: false });
    expect(spec?.['autoPromoteAfter']).toBeUndefined();
  });

  it.each<[string, object, string]>([
    [
      'a second match behind an Ingress',
      { headers: { b: { exact: '1' } } },
      'dropped: this router cannot choose these requests',
    ],
    ['a match by path', { uri: { prefix: '/x' } }, 'dropped: requests are chosen by headers alone'],
    [
      'a header by its end',
      { headers: { b: { suffix: '1' } } },
      'dropped: requests are chosen by headers alone',
    ],
  ])('drop %s', (_, match, said) => {
    const first = { headers: { a: { exact: '1' } } };
    const result = resultOf(canary({ interval: '1m', threshold: 1, iterations: 2, match: [first, match] }));
    expect(result.said('spec.analysis.match[1]')).toBe(said);
    expect(result.spec('Canary')?.['match']).toEqual([first]);
  });
});

describe('metrics', () => {
  function checkOf(metric: object, more?: object): Record<string, unknown> | undefined {
    const spec = specOf({ ...WEIGHTS, metrics: [metric] }, more);
    return (spec?.['analysis'] as { checks: Record<string, unknown>[] } | undefined)?.checks[0];
  }

  it.each<[string, object, object]>([
    [
      'a rate',
      RATE,
      { metric: 'request-success-rate', min: 99, window: '30s', interval: '1m', failureLimit: 4 },
    ],
    [
      'a duration',
      { name: 'request-duration', thresholdRange: { max: 500 } },
      { metric: 'request-duration', max: 500 },
    ],
    ['a threshold of old, of a rate', { name: 'request-success-rate', threshold: 98 }, { min: 98 }],
    ['a threshold of old, of anything else', { name: 'request-duration', threshold: 500 }, { max: 500 }],
    [
      'a query in place',
      {
        name: 'Errors!',
        thresholdRange: { max: 1 },
        query: 'x{a="{{ namespace }}",b=~"{{target}}-.+"}[{{ interval }}]',
      },
      { name: 'errors', query: 'x{a="{{namespace}}",b=~"{{target}}-{{revision}}-.+"}[{{window}}]', max: 1 },
    ],
  ])('%s', (_, metric, check) => {
    expect(checkOf(metric)).toMatchObject(check);
  });

  it('reads counters of Traefik behind it, and those of pods elsewhere', () => {
    expect(checkOf(RATE, { provider: 'traefik', ingressRef: undefined })).toMatchObject({
      source: 'traefik',
    });
    expect(checkOf(RATE)?.['source']).toBeUndefined();
  });

  it.each<[string, object, RegExp]>([
    ['no range', { name: 'request-duration' }, /it says no range/],
    [
      'neither query nor template',
      { name: 'mine', thresholdRange: { max: 1 } },
      /neither a query nor a template/,
    ],
    [
      'a template that was not read',
      { name: 'mine', thresholdRange: { max: 1 }, templateRef: { name: 'x' } },
      /MetricTemplate x was not in what was read/,
    ],
    [
      'what there is not',
      { name: 'mine', thresholdRange: { max: 1 }, query: '{{ route }}' },
      /which there is not here/,
    ],
    [
      'a value outside of quotes',
      { name: 'mine', thresholdRange: { max: 1 }, query: 'x_{{ namespace }}_y' },
      /its query cannot be asked/,
    ],
  ])('drop %s', (_, metric, why) => {
    const result = resultOf(canary({ ...WEIGHTS, metrics: [RATE, metric] }));
    expect(result.said('spec.analysis.metrics[1]')).toMatch(why);
    expect(result.looks('Canary').join()).toMatch(/was not converted; see the report/);
  });

  it('takes the query of a template, with its variables', () => {
    const template = {
      apiVersion: 'flagger.app/v1beta1',
      kind: 'MetricTemplate',
      metadata: { name: 'mine', namespace: 'flagger' },
      spec: {
        provider: { type: 'prometheus', address: 'http://prom:9090' },
        query: 'x{d="{{ variables.direction }}",w="{{ target }}"}',
      },
    };
    const metric = {
      name: 'mine',
      thresholdRange: { max: 1 },
      templateRef: { name: 'mine', namespace: 'flagger' },
      templateVariables: { direction: 'in' },
    };
    const result = resultOf(canary({ ...WEIGHTS, metrics: [metric] }), template);
    expect(result.spec('Canary')?.['analysis']).toMatchObject({
      checks: [{ query: 'x{d="in",w="{{target}}-{{revision}}"}' }],
    });
    expect(result.spec('MetricsProvider')).toMatchObject({ address: 'http://prom:9090' });
    expect(result.converted.untouched).toEqual([]);
  });

  it('are not judged where the analysis was skipped', () => {
    expect(specOf({ ...WEIGHTS, metrics: [RATE] }, { skipAnalysis: true })?.['analysis']).toBeUndefined();
  });
});

describe('what Flagger made', () => {
  it('is a Service of yours, which finds the pods of the Deployment', () => {
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'test' },
      spec: { selector: { matchLabels: { app: 'x' } } },
    };
    const service = { name: 'front', port: 80, targetPort: 'http', portName: 'web', appProtocol: 'http' };
    const result = resultOf(canary(WEIGHTS, { service }), deployment);
    expect(result.spec('Service')).toEqual({
      selector: { app: 'x' },
      ports: [{ name: 'web', port: 80, targetPort: 'http', appProtocol: 'http' }],
    });
    expect(result.spec('Canary')?.['service']).toEqual({ name: 'front' });
    expect(resultOf(canary(WEIGHTS)).looks('Service').join()).toMatch(/its labels are a guess/);
  });

  it.each<[string, object, string, object]>([
    [
      'istio',
      { gateways: ['g'], hosts: ['h'], port: 80 },
      'VirtualService',
      {
        hosts: ['h'],
        gateways: ['g'],
        http: [{ route: [{ destination: { host: 'web', port: { number: 80 } } }] }],
      },
    ],
    [
      'traefik',
      { port: 80 },
      'TraefikService',
      { weighted: { services: [{ name: 'web', kind: 'Service', port: 80 }] } },
    ],
    [
      'gatewayapi:v1',
      {
        port: 80,
        hosts: ['h'],
        gatewayRefs: [{ name: 'g' }],
        match: [{ uri: { exact: '/a' }, headers: { b: { regex: 'c' } } }],
      },
      'HTTPRoute',
      {
        parentRefs: [{ name: 'g' }],
        hostnames: ['h'],
        rules: [
          {
            matches: [
              {
                path: { type: 'Exact', value: '/a' },
                headers: [{ name: 'b', type: 'RegularExpression', value: 'c' }],
              },
            ],
            backendRefs: [{ name: 'web', port: 80 }],
          },
        ],
      },
    ],
  ])('is a route of yours: %s', (provider, service, kind, spec) => {
    const result = resultOf(canary(WEIGHTS, { provider, service, ingressRef: undefined }));
    expect(result.spec(kind)).toEqual(spec);
    expect(result.spec('Canary')?.['traffic']).toBeDefined();
  });

  it('is an Ingress that must go, because Headway makes one of its name', () => {
    expect(resultOf(canary(WEIGHTS)).looks('Canary').join()).toMatch(/delete Ingress web-canary of Flagger/);
  });

  it.each(['contour', 'linkerd', 'appmesh', 'skipper'])('cannot be split by %s', (provider) => {
    const result = resultOf(canary(WEIGHTS, { provider, ingressRef: undefined }));
    expect(result.spec('Canary')?.['traffic']).toBeUndefined();
    expect(result.said('spec.provider')).toBe(`dropped: there is no router for ${provider} here`);
    expect(result.looks('Canary').join()).toMatch(/it is the ratio of pods behind the Service/);
  });
});
