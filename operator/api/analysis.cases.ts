// SPDX-License-Identifier: Apache-2.0
import { at, badCheck, brokenRule, good, RULES_NOT_RUN, type SpecCase } from './cases.ts';
import { badProbes, goodProbes } from './probes.cases.ts';

const builtIn = { name: 'errors', provider: 'main', metric: 'request-success-rate', min: 99 };
const query = { name: 'errors', provider: 'main', query: 'up{job="{{args.job}}"}', min: 1 };

export const goodTemplates: readonly SpecCase[] = [
  good('a built-in metric', { checks: [builtIn] }),
  good('a built-in metric with everything', {
    checks: [
      {
        ...builtIn,
        metric: 'request-duration',
        source: 'traefik',
        labels: { route: '/pay', _internal: 'no', constructor: 'x' },
        quantile: 99.95,
        window: '5s',
        minRequests: 1,
        interval: '1s',
        initialDelay: '0s',
        count: 1000,
        failureLimit: 1000,
        min: 0,
        max: 0.5,
      },
    ],
  }),
  good('a query with arguments and a CEL condition', {
    args: [{ name: 'job', value: 'a"b\\c}\n' }],
    checks: [{ ...query, min: undefined, successCondition: 'result >= 0.95 && result <= 1.0' }],
  }),
  good('a comparison alone', { checks: [{ ...builtIn, min: undefined, compare: {} }] }),
  good('a comparison with everything, and none', {
    checks: [
      {
        ...builtIn,
        name: 'slow',
        metric: 'request-duration',
        min: undefined,
        max: 500,
        compare: { to: 'stable', tolerance: 100, alpha: 0.1 },
      },
      { ...builtIn, compare: { to: 'none' } },
    ],
  }),
  good('negative and fractional limits', { checks: [{ ...query, min: -1.5, max: -1.5 }] }),
  good('ten checks', {
    checks: Array.from({ length: 10 }, (_, i) => ({ ...builtIn, name: `check-${i}` })),
  }),
  ...goodProbes,
];

const ONE_OF = 'set exactly one of query, metric, http, tcp and job';
const PROVIDER = 'provider names the MetricsProvider of a query or a metric, and belongs to nothing else';

const rules: readonly SpecCase[] = [
  badCheck({
    title: 'a check that measures nothing',
    check: { name: 'errors', provider: 'main', min: 1 },
    operator: [`.query: ${ONE_OF}`, `.provider: "main": ${PROVIDER}`],
    server: [at('.query', ONE_OF), at('.provider', PROVIDER)],
  }),
  brokenRule('both query and metric', { ...builtIn, query: 'up' }, { field: '.query', message: ONE_OF }),
  brokenRule(
    'a query that asks nobody',
    { ...query, provider: undefined },
    { field: '.provider', message: PROVIDER },
  ),
  brokenRule(
    'no judge',
    { ...builtIn, min: undefined },
    { field: '.max', message: 'say what is good: set max, min, successCondition or compare' },
  ),
  brokenRule(
    'no judge but no comparison',
    { ...builtIn, min: undefined, compare: { to: 'none' } },
    { field: '.max', message: 'say what is good: set max, min, successCondition or compare' },
  ),
  brokenRule(
    'a comparison beside a query',
    { ...query, compare: { to: 'stable' } },
    {
      field: '.compare',
      message:
        'compare belongs to a built-in metric; the answer of a query does not tell canary and stable apart',
    },
  ),
  brokenRule(
    'a comparison of durations without a line',
    { ...builtIn, metric: 'request-duration', compare: { to: 'stable' } },
    { field: '.compare', message: 'compare of request-duration counts requests slower than max; set max' },
  ),
  brokenRule(
    'a tolerance of no comparison',
    { ...builtIn, compare: { to: 'none', tolerance: 2 } },
    {
      field: '.compare',
      message: 'tolerance and alpha belong to a comparison; with to: none there is none',
    },
  ),
  brokenRule(
    'two judges',
    { ...builtIn, successCondition: 'result > 1.0' },
    { field: '.successCondition', message: 'set either max/min or successCondition, not both' },
  ),
  brokenRule(
    'labels beside a query',
    { ...query, labels: { route: '/pay' } },
    {
      field: '.source',
      message:
        'source, quantile, labels and minRequests belong to a built-in metric; a query says these things itself',
    },
  ),
  brokenRule(
    'a quantile of a success rate',
    { ...builtIn, quantile: 99 },
    { field: '.quantile', message: 'quantile belongs to metric request-duration' },
  ),
  brokenRule(
    'min above max',
    { ...query, min: 2, max: 1.5 },
    { field: '.min', message: 'min must not be greater than max' },
  ),
];

const LABELS =
  'names of labels must be letters, digits and "_", at most 63, and not begin with a digit or with "__"';

const labels: readonly SpecCase[] = [
  brokenRule(
    'a label that begins with a digit',
    { ...builtIn, labels: { '1a': 'x' } },
    {
      field: '.labels',
      message: LABELS,
    },
  ),
  brokenRule(
    'a label that would end the selector',
    { ...builtIn, labels: { 'a="x"} or up{b': 'x' } },
    {
      field: '.labels',
      message: LABELS,
    },
  ),
  brokenRule(
    'the label of the metric name',
    { ...builtIn, labels: { __name__: 'up' } },
    {
      field: '.labels',
      message: LABELS,
    },
  ),
  brokenRule(
    'a label of 64 characters',
    { ...builtIn, labels: { ['a'.repeat(64)]: 'x' } },
    {
      field: '.labels',
      message: LABELS,
    },
  ),
  badCheck({
    title: 'nine labels',
    check: { ...builtIn, labels: Object.fromEntries(Array.from('abcdefghi', (name) => [name, 'x'])) },
    operator: ['.labels: must have at most 8 labels'],
    server: [at('.labels', 'must have at most 8'), RULES_NOT_RUN],
  }),
];

const values: readonly SpecCase[] = [
  badCheck({
    title: 'limits that are no numbers',
    check: { ...builtIn, min: '99%', max: 'NaN' },
    operator: ['.max: "NaN": must be a number', '.min: "99%": must be a number'],
    server: [
      at('.max', 'must be of type number: "string"'),
      at('.min', 'must be of type number: "string"'),
      RULES_NOT_RUN,
    ],
  }),
  badCheck({
    title: 'an unknown metric and an unknown source',
    check: { ...builtIn, metric: 'cpu', source: 'envoy' },
    operator: [
      '.metric: "cpu": must be one of "request-success-rate", "request-duration"',
      '.source: "envoy": must be one of "http", "traefik"',
    ],
    server: [
      at('.metric', 'Unsupported value: "cpu"', '"request-duration"'),
      at('.source', 'Unsupported value: "envoy"', '"traefik"'),
      RULES_NOT_RUN,
    ],
  }),
  badCheck({
    title: 'numbers and durations out of range',
    check: {
      ...builtIn,
      minRequests: 0,
      interval: '999ms',
      window: '2h',
      initialDelay: '61m',
      count: 0,
      failureLimit: -1,
    },
    operator: [
      '.window: "2h": must be a duration from 5s to 1h',
      '.minRequests: 0: must be at least 1',
      '.interval: "999ms": must be a duration from 1s to 1h',
      '.initialDelay: "61m": must be a duration from 0s to 1h',
      '.count: 0: must be at least 1',
      '.failureLimit: -1: must be at least 0',
    ],
    server: [
      at('.window', '"2h"', 'must be a duration from 5s to 1h'),
      at('.minRequests', '0', 'greater than or equal to 1'),
      at('.interval', '"999ms"', 'must be a duration from 1s to 1h'),
      at('.initialDelay', '"61m"', 'must be a duration from 0s to 1h'),
      at('.count', '0', 'greater than or equal to 1'),
      at('.failureLimit', '-1', 'greater than or equal to 0'),
    ],
  }),
  badCheck({
    title: 'a quantile of 100',
    check: { ...builtIn, metric: 'request-duration', quantile: 100 },
    operator: ['.quantile: 100: must be less than 100'],
    server: [at('.quantile', '100', 'less than 100')],
  }),
  badCheck({
    title: 'a query of 4097 characters',
    check: { ...query, query: 'x'.repeat(4097) },
    operator: [`.query: "${'x'.repeat(59)}...: must have at most 4096 characters`],
    server: [at('.query', 'may not be more than 4096'), RULES_NOT_RUN],
  }),
];

const lists: readonly SpecCase[] = [
  {
    title: 'no checks',
    spec: { checks: [] },
    operator: ['spec.checks: must have at least 1 items'],
    server: [at('spec.checks', 'should have at least 1 items')],
  },
  {
    title: 'eleven checks',
    spec: { checks: Array.from({ length: 11 }, (_, i) => ({ ...builtIn, name: `check-${i}` })) },
    operator: ['spec.checks: must have at most 10 items'],
    server: [at('spec.checks', 'must have at most 10 items'), RULES_NOT_RUN],
  },
  {
    title: 'two checks of one name',
    spec: { checks: [builtIn, builtIn] },
    operator: ['spec.checks: names of checks must be unique'],
    server: [at('spec.checks[1]', 'Duplicate value: {"name":"errors"}')],
  },
  {
    title: 'bad arguments',
    spec: {
      args: [
        { name: '1', value: '' },
        { name: 'a b', value: 'x' },
      ],
      checks: [builtIn],
    },
    operator: [
      'spec.args[0].name: "1": must be letters, digits, "_" and "-", starting with a letter or "_"',
      'spec.args[1].name: "a b": must be letters, digits, "_" and "-", starting with a letter or "_"',
    ],
    server: [
      at('spec.args[0].name', '"1"', 'should match'),
      at('spec.args[1].name', '"a b"', 'should match'),
    ],
  },
  {
    title: 'two arguments of one name',
    spec: {
      args: [
        { name: 'a', value: '1' },
        { name: 'a', value: '2' },
      ],
      checks: [builtIn],
    },
    operator: ['spec.args: names of arguments must be unique'],
    server: [at('spec.args[1]', 'Duplicate value: {"name":"a"}')],
  },
];

export const badTemplates: readonly SpecCase[] = [...rules, ...labels, ...values, ...lists, ...badProbes];

const provider = { type: 'Prometheus', address: 'http://prometheus.monitoring:9090' };

export const goodProviders: readonly SpecCase[] = [
  good('type and address', provider),
  good('a path, allowed namespaces and a timeout', {
    type: 'Prometheus',
    address: 'https://metrics.example.com:443/prometheus/team-a~1',
    allowedNamespaces: ['shop', 'shop-staging'],
    timeout: '30s',
  }),
  good('a provider that nobody may use', { ...provider, allowedNamespaces: [] }),
  good('an IPv4 address', { ...provider, address: 'http://10.0.0.1:9090' }),
];

const ADDRESS =
  'must be http:// or https:// with a host, an optional port and path, and no user, password, query or fragment';

function badAddress(address: string): SpecCase {
  return {
    title: `address ${address}`,
    spec: { ...provider, address },
    operator: [`spec.address: "${address}": ${ADDRESS}`],
    server: [at('spec.address', `"${address}"`, 'should match')],
  };
}

export const badProviders: readonly SpecCase[] = [
  badAddress('file:///etc/passwd'),
  badAddress('http://user:password@prometheus:9090'),
  badAddress('http://prometheus:9090?x=1'),
  badAddress('http://prometheus:9090/#x'),
  badAddress('http://prometheus:9090/a b'),
  badAddress('http://-prometheus'),
  badAddress('gopher://prometheus:9090'),
  {
    title: 'an unknown type and a slow timeout',
    spec: { ...provider, type: 'Datadog', timeout: '31s' },
    operator: [
      'spec.type: "Datadog": must be "Prometheus"',
      'spec.timeout: "31s": must be a duration from 1s to 30s',
    ],
    server: [at('spec.type', 'Unsupported value: "Datadog": supported values: "Prometheus"'), RULES_NOT_RUN],
  },
  {
    title: 'namespaces that are none',
    spec: { ...provider, allowedNamespaces: ['Shop', 'shop', 'shop'] },
    operator: [
      'spec.allowedNamespaces[0]: "Shop": must be lower-case letters, digits and "-", starting and ending with a letter or digit',
      'spec.allowedNamespaces: must not name a namespace twice',
    ],
    server: [
      at('spec.allowedNamespaces[0]', '"Shop"', 'should match'),
      at('spec.allowedNamespaces[2]', 'Duplicate value: "shop"'),
    ],
  },
  {
    title: 'nothing',
    spec: {},
    operator: ['spec.type: is required', 'spec.address: is required'],
    server: [at('spec.type', 'Required value'), at('spec.address', 'Required value'), RULES_NOT_RUN],
  },
];
