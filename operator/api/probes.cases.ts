// SPDX-License-Identifier: Apache-2.0
import { at, badCheck, brokenRule, good, RULES_NOT_RUN, type SpecCase } from './cases.ts';

const http = { name: 'front-page', http: { port: 8080 } };
const job = { name: 'smoke', job: { cronJobRef: { name: 'smoke' } } };

export const goodProbes: readonly SpecCase[] = [
  good('a port that is asked for /', { checks: [http] }),
  good('an http probe with everything', {
    checks: [
      {
        ...http,
        interval: '1s',
        initialDelay: '5s',
        count: 3,
        failureLimit: 1,
        http: {
          path: '/healthz?deep=1&q=%20;~',
          port: 65535,
          scheme: 'HTTPS',
          target: 'preview',
          expect: { status: [200, 204, 599], body: '"ok": true' },
          timeout: '100ms',
        },
      },
    ],
  }),
  good('a path that begins with two slashes is a path', {
    checks: [{ ...http, http: { port: 1, path: '//evil.test/' } }],
  }),
  good('a tcp probe of the Service', {
    checks: [{ name: 'open', tcp: { port: 1, target: 'service', timeout: '30s' } }],
  }),
  good('a Job', { checks: [job] }),
  good('a Job that takes a day', {
    checks: [{ ...job, initialDelay: '10s', job: { cronJobRef: { name: 'smoke.tests' }, timeout: '24h' } }],
  }),
];

const A_NUMBER =
  'max, min, successCondition and window belong to a query or a metric; a probe is good or it is not';
const ONCE =
  'a job is run once: leave count and failureLimit out; how often its pods are tried again is its backoffLimit';
const PATH = 'must begin with "/" and have printable ASCII characters without spaces and "#"';

function badPath(title: string, path: string): SpecCase {
  return badCheck({
    title,
    check: { ...http, http: { port: 80, path } },
    operator: [`.http.path: ${JSON.stringify(path)}: ${PATH}`],
    server: [at('.http.path', 'should match')],
  });
}

export const badProbes: readonly SpecCase[] = [
  brokenRule(
    'two probes in one check',
    { ...http, tcp: { port: 1 } },
    { field: '.query', message: 'set exactly one of query, metric, http, tcp and job' },
  ),
  brokenRule(
    'a provider of a probe',
    { ...http, provider: 'main' },
    {
      field: '.provider',
      message: 'provider names the MetricsProvider of a query or a metric, and belongs to nothing else',
    },
  ),
  brokenRule('a limit of a probe', { ...http, min: 1 }, { field: '.max', message: A_NUMBER }),
  brokenRule('a window of a probe', { ...job, window: '1m' }, { field: '.max', message: A_NUMBER }),
  brokenRule('a Job that is counted', { ...job, count: 2 }, { field: '.count', message: ONCE }),
  brokenRule('a Job that may fail', { ...job, failureLimit: 1 }, { field: '.count', message: ONCE }),
  badPath('a path that is a URL', 'http://169.254.169.254/latest/meta-data'),
  badPath('a path with a line break', '/\r\nHost: x'),
  badPath('a path with a space', '/a b'),
  badPath('a path with a fragment', '/#x'),
  badCheck({
    title: 'ports and codes out of range',
    check: { ...http, http: { port: 65536, expect: { status: [99, 600] } } },
    operator: [
      '.http.port: 65536: must be at most 65535',
      '.http.expect.status[0]: 99: must be at least 100',
      '.http.expect.status[1]: 600: must be at most 599',
    ],
    server: [
      at('.http.expect.status[0]', '99', 'greater than or equal to 100'),
      at('.http.expect.status[1]', '600', 'less than or equal to 599'),
      at('.http.port', '65536', 'less than or equal to 65535'),
    ],
  }),
  badCheck({
    title: 'no port, an unknown target and a slow timeout',
    check: { ...http, http: { target: 'pods', timeout: '31s' } },
    operator: [
      '.http.port: is required',
      '.http.target: "pods": must be one of "canary", "service", "preview"',
      '.http.timeout: "31s": must be a duration from 100ms to 30s',
    ],
    server: [
      at('.http.port', 'Required value'),
      at('.http.target', 'Unsupported value: "pods"'),
      RULES_NOT_RUN,
    ],
  }),
  badCheck({
    title: 'a Job of nobody',
    check: { ...job, job: { timeout: '999ms' } },
    operator: ['.job.cronJobRef: is required', '.job.timeout: "999ms": must be a duration from 1s to 24h'],
    server: [at('.job.cronJobRef', 'Required value'), RULES_NOT_RUN],
  }),
];
