// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { resultOf } from '../test-sources.ts';
import { canary, template, METRIC, USED } from './test-rollouts.ts';

describe('metrics', () => {
  function checkOf(metric: object, more?: object): Record<string, unknown> | undefined {
    const spec = resultOf(USED, template([metric], more)).spec('AnalysisTemplate');
    return (spec?.['checks'] as Record<string, unknown>[] | undefined)?.[0];
  }

  it.each<[string, object, object]>([
    ['a line', METRIC, { name: 'errors', provider: 'prometheus', query: 'errors', max: 5, interval: '1m' }],
    ['one measurement', { ...METRIC, interval: undefined }, { count: 1, max: 5 }],
    ['a count', { ...METRIC, count: 5, failureLimit: 2 }, { count: 5, failureLimit: 2 }],
    ['a count in digits', { ...METRIC, count: '5' }, { count: 5 }],
    ['no limit of failures', { ...METRIC, failureLimit: -1 }, { failureLimit: 1000 }],
    ['a delay', { ...METRIC, initialDelay: '90s' }, { initialDelay: '1m30s' }],
    ['an interval that is too long', { ...METRIC, interval: '2h' }, { interval: '1h' }],
    ['another name', { ...METRIC, name: 'Error_Rate (5m)' }, { name: 'error-rate-5m' }],
    ['a failure', { ...METRIC, successCondition: undefined, failureCondition: 'result[0] > 5' }, { max: 5 }],
  ])('%s', (_, metric, check) => {
    expect(checkOf(metric)).toMatchObject(check);
  });

  it.each<[string, object, RegExp]>([
    ['a web call', { ...METRIC, provider: { web: { url: 'x' } } }, /calls no address that a tenant gives/],
    [
      'another provider',
      { ...METRIC, provider: { datadog: { query: 'x' } } },
      /there is no provider datadog here/,
    ],
    [
      'a range',
      { ...METRIC, provider: { prometheus: { query: 'x', rangeQuery: {} } } },
      /yields one number here, and no range/,
    ],
    [
      'a condition that cannot be said',
      { ...METRIC, successCondition: 'all(result, # < 5)' },
      /write the check by hand/,
    ],
    ['no condition', { ...METRIC, successCondition: undefined }, /has no condition that says what is good/],
    [
      'a query with what there is not',
      { ...METRIC, provider: { prometheus: { query: 'x{a="{{inputs.x}}"}' } } },
      /its query cannot be asked: unknown placeholder \{\{inputs\.x\}\}/,
    ],
    [
      'a query that a value would change',
      { ...METRIC, provider: { prometheus: { query: 'rate(x[{{args.range}}])' } } },
      /its query cannot be asked: .*args\.range.*/,
    ],
  ])('drops %s', (_, metric, why) => {
    const { converted } = resultOf(
      USED,
      template([METRIC, { ...metric, name: 'other' }], { args: [{ name: 'range', value: 'x]+y[1m' }] }),
    );
    const book = converted.books.find(({ source }) => source.kind === 'AnalysisTemplate');
    const entry = book?.entries().find(({ path }) => path.join('.') === 'spec.metrics.1');
    expect(entry).toMatchObject({ fate: 'dropped', why: expect.stringMatching(why) as unknown });
  });

  it('leaves out what is only looked at', () => {
    const spec = resultOf(
      USED,
      template([METRIC, { ...METRIC, name: 'queue' }], { dryRun: [{ metricName: 'queue' }] }),
    ).spec('AnalysisTemplate');
    expect(spec?.['checks']).toHaveLength(1);
  });

  it('gives each address a provider', () => {
    const other = {
      ...METRIC,
      name: 'other',
      provider: { prometheus: { address: 'http://other:9090', query: 'x' } },
    };
    const { converted } = resultOf(USED, template([METRIC, other, { ...METRIC, name: 'third' }]));
    const providers = converted.drafts.filter(({ kind }) => kind === 'MetricsProvider');
    expect(providers.map(({ name, value }) => [name, value['spec']])).toEqual([
      ['prometheus', { type: 'Prometheus', address: 'http://prom:9090' }],
      ['prometheus-2', { type: 'Prometheus', address: 'http://other:9090' }],
    ]);
  });

  it('guesses an address that it cannot use, and says so', () => {
    const metric = { ...METRIC, provider: { prometheus: { address: '{{args.url}}', query: 'x' } } };
    const result = resultOf(USED, template([metric]));
    expect(result.spec('MetricsProvider')).toMatchObject({ address: 'http://prometheus.monitoring:9090' });
    expect(result.looks('MetricsProvider').join()).toMatch(
      /\{\{args\.url\}\} cannot be used; this one is a guess/,
    );
  });
});

describe('arguments', () => {
  const query = (text: string) => ({
    ...METRIC,
    provider: { prometheus: { address: 'http://prom:9090', query: text } },
  });
  const use = (args: readonly object[], templates = [{ templateName: 'errors' }]) =>
    canary({ steps: [{ setWeight: 10 }, { analysis: { templates, args } }] });

  it('have their defaults in the template, and the values of the release', () => {
    const args = [{ name: 'service', value: 'web' }];
    const result = resultOf(
      use([{ name: 'service', value: 'web2' }]),
      template([query('x{a="{{args.service}}"}')], { args }),
    );
    expect(result.spec('AnalysisTemplate')?.['args']).toEqual(args);
    expect(result.spec('Canary')?.['steps']).toMatchObject([
      {},
      { analysis: { args: [{ name: 'service', value: 'web2' }] } },
    ]);
  });

  it('are all given by the release where one has no default', () => {
    const args = [{ name: 'service' }, { name: 'share', value: '0.95' }];
    const metric = query('x{a="{{args.service}}"} > {{ args.share }}');
    const result = resultOf(use([{ name: 'service', value: 'web' }]), template([metric], { args }));
    expect(result.spec('AnalysisTemplate')?.['args']).toBeUndefined();
    expect(result.spec('Canary')?.['steps']).toMatchObject([
      {},
      {
        analysis: {
          args: [
            { name: 'service', value: 'web' },
            { name: 'share', value: '0.95' },
          ],
        },
      },
    ]);
  });

  it('that are the hash of a revision are a placeholder', () => {
    const args = [{ name: 'hash', valueFrom: { podTemplateHashValue: 'Latest' } }];
    const result = resultOf(
      use(args),
      template([query('x{a="{{args.hash}}"}')], { args: [{ name: 'hash' }] }),
    );
    expect(result.spec('AnalysisTemplate')?.['checks']).toMatchObject([{ query: 'x{a="{{revision}}"}' }]);
    expect(result.looks('AnalysisTemplate').join()).toMatch(/pod label headway\.dev\/revision/);
  });

  it('that are a hash for one release and a value for another cannot be said', () => {
    const args = [{ name: 'hash', valueFrom: { podTemplateHashValue: 'Latest' } }];
    const other = {
      ...(use([{ name: 'hash', value: 'x' }]) as { metadata: object }),
      metadata: { name: 'other', namespace: 'shop' },
    };
    const result = resultOf(
      use(args),
      other,
      template([query('x{a="{{args.hash}}"}')], { args: [{ name: 'hash' }] }),
    );
    expect(result.looks('Canary').join()).toMatch(/an analysis stood here that could not be converted/);
  });

  it('are read from the Rollout where they name a field of it', () => {
    const args = [{ name: 'team', valueFrom: { fieldRef: { fieldPath: "metadata.labels['team']" } } }];
    const source = use(args) as { metadata: object };
    const labelled = { ...source, metadata: { ...source.metadata, labels: { team: 'pay' } } };
    const result = resultOf(
      labelled,
      template([query('x{a="{{args.team}}"}')], { args: [{ name: 'team' }] }),
    );
    expect(result.spec('Canary')?.['steps']).toMatchObject([
      {},
      { analysis: { args: [{ name: 'team', value: 'pay' }] } },
    ]);
  });

  it('of several templates come together in one', () => {
    const second = {
      ...template([{ ...METRIC, name: 'errors' }]),
      metadata: { name: 'more', namespace: 'shop' },
    };
    const result = resultOf(
      use([], [{ templateName: 'errors' }, { templateName: 'more' }]),
      template([METRIC]),
      second,
    );
    expect(result.spec('Canary')?.['steps']).toMatchObject([
      {},
      { analysis: { templateRef: { name: 'web-step-2' } } },
    ]);
    const merged = result.converted.drafts.find(({ name }) => name === 'web-step-2');
    expect(merged?.value['spec']).toMatchObject({ checks: [{ name: 'errors' }, { name: 'errors-2' }] });
  });

  it('of a template that was not read stay as they are', () => {
    const result = resultOf(use([{ name: 'a', value: 'b' }], [{ templateName: 'elsewhere' }]));
    expect(result.spec('Canary')?.['steps']).toMatchObject([
      {},
      { analysis: { templateRef: { name: 'elsewhere' }, args: [{ name: 'a', value: 'b' }] } },
    ]);
    expect(result.looks('Canary').join()).toMatch(/AnalysisTemplate elsewhere was not in what was read/);
  });
});
