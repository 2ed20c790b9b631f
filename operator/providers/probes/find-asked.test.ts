// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { Probe } from '../../engine/analysis/probe-types.ts';
import type { CheckQuery } from '../../engine/analysis/query-types.ts';
import type { MetricsAnswer, ProviderLookup } from '../metrics/types.ts';
import { createFindAsked } from './find-asked.ts';
import { COMPLETE, jobOf, question } from './test-jobs.ts';

const metrics: ProviderLookup = {
  problem: { kind: 'not-found', detail: 'there is no MetricsProvider main' },
};
const pods = {
  namespace: 'shop',
  canary: 'web',
  revision: 'new',
  target: { kind: 'canary' },
  port: 80,
} as const;

const find = createFindAsked({
  metrics: () => metrics,
  findPods: () => ({ pods: [{ name: 'web-1', address: '10.0.0.1', port: 80 }] }),
  port: { get: async () => ({ status: 200, body: '' }), connect: async () => undefined },
  client: { get: async () => jobOf({ conditions: [COMPLETE] }), list: async () => ({ items: [] }) } as never,
  now: () => 0,
});

function queryOf(probe?: Probe): CheckQuery {
  return { key: 'k', provider: 'main', expression: 'x', intervalMs: 1000, probe };
}

async function answerOf(probe: Probe): Promise<{ answer: MetricsAnswer; timeoutMs: number }> {
  const found = find(queryOf(probe), 'shop');
  if ('problem' in found) throw new Error(found.problem.detail);
  return { answer: await found.provider.query('', { timeoutMs: 1 }), timeoutMs: found.timeoutMs };
}

describe('whom a query goes to', () => {
  it('is a metrics provider, if it is no probe', () => {
    expect(find(queryOf(), 'shop')).toBe(metrics);
  });

  it.each([
    [
      'the pods, by HTTP',
      { kind: 'http', pods, scheme: 'http', path: '/', timeoutMs: 700 },
      700,
      'GET :80/ of pod web-1 answered 200',
    ],
    [
      'the pods, by TCP',
      { kind: 'tcp', pods, timeoutMs: 800 },
      800,
      'TCP :80 of pod web-1 accepted a connection',
    ],
    ['a Job', question, 30_000, 'Job web-smoke-bcdfghjk completed'],
  ] as const)('is %s', async (_title, probe, timeoutMs, detail) => {
    expect(await answerOf(probe)).toEqual({ answer: { outcome: { isGood: true, detail } }, timeoutMs });
  });
});
