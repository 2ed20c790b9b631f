// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { AnalysisTemplateSpec } from '../../api/analysis.ts';
import { resolveChecks } from './resolve.ts';
import type { QueryScope, RunScope } from './query-types.ts';
import { isOnce, type ResolvedCheck } from './types.ts';

const run: RunScope = {
  owner: { apiVersion: 'headway.dev/v1alpha1', kind: 'Canary', name: 'checkout', uid: 'uid-1' },
  startedAt: '2026-11-21T14:00:00.000Z',
  step: 2,
  version: '2.4.0',
};
const scope: QueryScope = {
  namespace: 'shop',
  canary: 'checkout',
  target: 'checkout',
  service: 'shop-front',
  canaryService: 'shop-front-canary',
  revision: 'new',
  stableRevision: 'old',
  run,
};

function resolution(check: object, at: QueryScope = scope) {
  const template = AnalysisTemplateSpec.parse({ checks: [{ name: 'front-page', ...check }] });
  return resolveChecks({ template, args: [], scope: at });
}

function resolved(check: object, at?: QueryScope): ResolvedCheck {
  const found = resolution(check, at);
  if (found.kind === 'invalid' || !found.checks[0]) throw new Error(JSON.stringify(found));
  return found.checks[0];
}

const pods = {
  namespace: 'shop',
  canary: 'checkout',
  revision: 'new',
  target: { kind: 'canary' },
  port: 8080,
};

describe('a probe of pods', () => {
  it.each([
    [
      'http with its defaults',
      { http: { port: 8080 } },
      { kind: 'http', pods, scheme: 'http', path: '/', timeoutMs: 1000 },
      'GET http://pods:8080/',
      'answers 200 to 399',
    ],
    [
      'http with everything',
      {
        http: {
          port: 443,
          path: '/ready?deep=1',
          scheme: 'HTTPS',
          target: 'service',
          expect: { status: [200, 204, 301], body: '"ok"' },
          timeout: '250ms',
        },
      },
      {
        kind: 'http',
        pods: { ...pods, target: { kind: 'service', service: 'shop-front' }, port: 443 },
        scheme: 'https',
        path: '/ready?deep=1',
        status: [200, 204, 301],
        body: '"ok"',
        timeoutMs: 250,
      },
      'GET https://Service shop-front:443/ready?deep=1',
      'answers 200, 204 or 301 with "\\"ok\\""',
    ],
    [
      'one good code, behind the preview',
      { http: { port: 80, target: 'preview', expect: { status: [204] } } },
      {
        kind: 'http',
        pods: { ...pods, target: { kind: 'preview', service: 'shop-front-canary' }, port: 80 },
        scheme: 'http',
        path: '/',
        status: [204],
        timeoutMs: 1000,
      },
      'GET http://Service shop-front-canary:80/',
      'answers 204',
    ],
    [
      'tcp',
      { tcp: { port: 5432, timeout: '5s' } },
      { kind: 'tcp', pods: { ...pods, port: 5432 }, timeoutMs: 5000 },
      'TCP pods:5432',
      'accepts connections',
    ],
  ])('%s', (_title, check, ...[probe, expression, limitText]) => {
    expect(
      resolved({ ...check, interval: '10s', initialDelay: '3s', count: 5, failureLimit: 1 }),
    ).toMatchObject({
      query: { provider: 'the pods', expression, intervalMs: 10_000, probe },
      reading: { kind: 'probe' },
      limit: { kind: 'bounds', min: 1 },
      limitText,
      intervalMs: 10_000,
      initialDelayMs: 3000,
      count: 5,
      failureLimit: 1,
    });
  });

  it('of a preview Service that is not there is a problem, and not a probe of both revisions', () => {
    expect(
      resolution({ tcp: { port: 80, target: 'preview' } }, { ...scope, canaryService: undefined }),
    ).toEqual({
      kind: 'invalid',
      problems: [
        {
          check: 'front-page',
          field: 'tcp.target',
          message:
            'there is no preview Service: pods of both revisions share one; set traffic, or use canary or service',
        },
      ],
    });
  });

  it('shares its answers with nobody who asks something else', () => {
    const keys = [
      resolved({ http: { port: 8080 } }),
      resolved({ http: { port: 8081 } }),
      resolved({ http: { port: 8080, path: '/x' } }),
      resolved({ http: { port: 8080, timeout: '2s' } }),
      resolved({ http: { port: 8080 }, interval: '1s' }),
      resolved({ http: { port: 8080 } }, { ...scope, revision: 'other' }),
      resolved({ http: { port: 8080 } }, { ...scope, canary: 'other' }),
      resolved({ http: { port: 8080 } }, { ...scope, namespace: 'other' }),
      resolved({ tcp: { port: 8080 } }),
    ].map(({ query }) => query.key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(resolved({ http: { port: 8080 } }).query.key).toBe(keys[0]);
  });
});

describe('a probe by a Job', () => {
  const job = { job: { cronJobRef: { name: 'smoke' }, timeout: '5m' } };
  const named = (at?: QueryScope, check: object = job) => {
    const { probe } = resolved(check, at).query;
    return probe?.kind === 'job' ? probe.name : undefined;
  };

  it('is made once, and says who is judged', () => {
    const check = resolved(job);
    expect(isOnce(check)).toBe(true);
    expect(check).toMatchObject({
      count: 1,
      failureLimit: 0,
      intervalMs: 2000,
      limitText: 'completes within 5m',
    });
    expect(check.query).toMatchObject({
      provider: 'the Job',
      expression: 'Job of CronJob smoke',
      probe: {
        kind: 'job',
        namespace: 'shop',
        cronJob: 'smoke',
        timeoutMs: 300_000,
        owner: run.owner,
        labels: {
          'app.kubernetes.io/managed-by': 'headway',
          'headway.dev/canary': 'checkout',
          'headway.dev/check': 'front-page',
          'headway.dev/role': 'check',
        },
        env: {
          HEADWAY_NAMESPACE: 'shop',
          HEADWAY_NAME: 'checkout',
          HEADWAY_REVISION: 'new',
          HEADWAY_STABLE_REVISION: 'old',
          HEADWAY_SERVICE: 'shop-front',
          HEADWAY_CANARY_SERVICE: 'shop-front-canary',
          HEADWAY_VERSION: '2.4.0',
        },
      },
    });
  });

  it('has the same name for the same run, and another for any other', () => {
    const name = named();
    expect(name).toMatch(/^checkout-front-page-[a-z0-9]{8}$/);
    expect(named({ ...scope, service: 'renamed', run: { ...run, version: 'renamed' } })).toBe(name);
    const others = [
      named({ ...scope, revision: 'newer' }),
      named({ ...scope, run: { ...run, startedAt: '2026-11-21T14:00:01.000Z' } }),
      named({ ...scope, run: { ...run, step: 3 } }),
      named({ ...scope, run: { ...run, step: undefined } }),
      named({ ...scope, run: { ...run, owner: { ...run.owner, uid: 'uid-2' } } }),
      named(scope, { job: { cronJobRef: { name: 'load' } } }),
      named(scope, { ...job, name: 'back-page' }),
    ];
    expect(new Set([name, ...others]).size).toBe(others.length + 1);
  });

  it('has a name that its pods can have too', () => {
    const name = named({ ...scope, canary: `${'a'.repeat(120)}.b` }, { ...job, name: 'c'.repeat(63) });
    expect(name).toMatch(/^[a-z0-9-]{1,52}$/);
  });

  it('needs an owner', () => {
    expect(resolution(job, { ...scope, run: undefined })).toMatchObject({
      problems: [{ field: 'job', message: 'nothing is here that could own a Job' }],
    });
  });
});
