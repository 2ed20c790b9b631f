// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { AnalysisTemplateSpec, Check } from '../../api/analysis.ts';
import { resolveChecks } from './resolve.ts';
import type { QueryScope } from './query-types.ts';

const scope: QueryScope = {
  namespace: 'shop',
  canary: 'checkout',
  target: 'checkout-app',
  service: 'checkout-svc',
  revision: 'new',
};

function check(fields: object) {
  return Check.parse({ name: 'saturation', provider: 'prometheus', query: 'up', max: 1, ...fields });
}

function resolve(
  fields: object,
  within: Partial<QueryScope> = {},
  args: { name: string; value: string }[] = [],
) {
  return resolveChecks({ template: { checks: [check(fields)] }, args, scope: { ...scope, ...within } });
}

describe('resolveChecks', () => {
  it('fills a check in', () => {
    const fields = {
      query: 'x{ns="{{namespace}}",r="{{revision}}"}[{{window}}]',
      interval: '10s',
      initialDelay: '30s',
    };
    expect(resolve({ ...fields, count: 3, failureLimit: 1 })).toEqual({
      kind: 'resolved',
      checks: [
        {
          name: 'saturation',
          query: {
            key: 'prometheus 10000 x{ns="shop",r="new"}[1m]',
            provider: 'prometheus',
            expression: 'x{ns="shop",r="new"}[1m]',
            intervalMs: 10_000,
          },
          intervalMs: 10_000,
          reading: { kind: 'query' },
          limit: { kind: 'bounds', max: 1 },
          limitText: '<= 1',
          windowMs: 60_000,
          initialDelayMs: 30_000,
          count: 3,
          failureLimit: 1,
        },
      ],
    });
  });

  it.each([
    ['request-success-rate', '10s', 2000, 10_000],
    ['request-success-rate', '1s', 1000, 1000],
    ['request-duration', '10s', 10_000, 10_000],
  ])('asks for what shows a canary that is down every 2 s at least: %s each %s', (...row) => {
    const [metric, interval, askEveryMs, intervalMs] = row;
    const resolution = resolve({ query: undefined, metric, interval });
    expect(resolution).toMatchObject({
      kind: 'resolved',
      checks: [{ query: { intervalMs: askEveryMs }, intervalMs }],
    });
  });

  it('knows every placeholder', () => {
    const names = [
      'namespace',
      'canary',
      'target',
      'service',
      'canaryService',
      'ingress',
      'revision',
      'stableRevision',
    ];
    const query = `x{a="${names.map((name) => `{{${name}}}`).join(' ')} {{args.a}} {{window}}"}`;
    const within = { canaryService: 'checkout-svc-canary', ingress: 'www', stableRevision: 'old' };
    expect(resolve({ query, window: '2m' }, within, [{ name: 'a', value: 'b' }])).toMatchObject({
      checks: [
        {
          query: {
            expression: 'x{a="shop checkout checkout-app checkout-svc checkout-svc-canary www new old b 2m"}',
          },
          windowMs: 120_000,
        },
      ],
    });
  });

  it('puts the arguments of the Canary over those of the template', () => {
    const template = AnalysisTemplateSpec.parse({
      args: [
        { name: 'a', value: '1' },
        { name: 'b', value: '2' },
      ],
      checks: [{ name: 'c', provider: 'p', query: 'x > {{args.a}} + {{args.b}}', max: 1 }],
    });
    expect(resolveChecks({ template, args: [{ name: 'b', value: '3' }], scope })).toMatchObject({
      checks: [{ query: { expression: 'x > 1 + 3' } }],
    });
  });

  it('waits one window for metrics that name Services where the canary Service had another revision', () => {
    const fields = { query: undefined, metric: 'request-success-rate', window: '30s' };
    const since = { ingress: 'www', canaryServiceSinceMs: 1000 };
    expect(resolve({ ...fields, source: 'traefik' }, since)).toMatchObject({
      checks: [{ notBeforeMs: 31_000 }],
    });
    expect(resolve({ ...fields, source: 'traefik' }, { ingress: 'www' })).toMatchObject({
      checks: [{ notBeforeMs: undefined }],
    });
    expect(resolve(fields, since)).toMatchObject({ checks: [{ notBeforeMs: undefined }] });
  });

  it('keeps a condition as its text', () => {
    expect(resolve({ max: undefined, successCondition: 'result < 0.9' })).toMatchObject({
      checks: [{ limit: { kind: 'condition', expression: 'result < 0.9' }, limitText: '"result < 0.9"' }],
    });
  });

  it('names every problem of every check at once', () => {
    const template = {
      args: [{ name: 'stage', value: 'prod' }],
      checks: [
        check({ name: 'one', query: 'x{a="{{nope}}"} > {{args.stage}}' }),
        check({ name: 'two', max: undefined, successCondition: 'result >' }),
        check({ name: 'three', query: undefined, metric: 'request-success-rate', source: 'traefik' }),
        check({ name: 'four' }),
        check({ name: 'five', query: 'x{r="{{stableRevision}}"}' }),
      ],
    };
    expect(resolveChecks({ template, args: [{ name: 'stagee', value: 'x' }], scope })).toEqual({
      kind: 'invalid',
      problems: [
        {
          check: 'one, two, three, four, five',
          field: 'args.stagee',
          message: 'the template has no such argument; it has stage',
        },
        {
          check: 'one',
          field: 'query',
          message:
            'unknown placeholder {{nope}}; known: args.stage, args.stagee, canary, canaryService, ingress, namespace, revision, service, stableRevision, target, window',
        },
        {
          check: 'one',
          field: 'query',
          message:
            '{{args.stage}} stands outside of quotes, where only a number without a sign or a duration is accepted, not "prod"',
        },
        {
          check: 'two',
          field: 'successCondition',
          message: 'is not CEL: <input>:1:8: found > but expecting end of input',
        },
        {
          check: 'three',
          field: 'source',
          message:
            'traefik tells canary and stable apart only behind an Ingress, a Gateway or a TraefikService; set traffic or use http',
        },
        { check: 'five', field: 'query', message: '{{stableRevision}} has no value here' },
      ],
    });
  });

  it('gives the same key to the same question only', () => {
    const keys = [
      resolve({}),
      resolve({ name: 'other', max: 5 }),
      resolve({ interval: '10s' }),
      resolve({ provider: 'thanos' }),
      resolve({ query: 'up == 1' }),
    ].map((resolution) => (resolution.kind === 'resolved' ? resolution.checks[0]?.query.key : undefined));
    expect(keys[0]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(4);
  });
});
