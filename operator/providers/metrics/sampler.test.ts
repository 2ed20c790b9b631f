// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CheckQuery } from '../../engine/analysis/query-types.ts';
import { createFakeSamplerClock, type FakeSamplerClock } from './fake-sampler-clock.ts';
import { createSampler, type Sampler } from './sampler.ts';
import type { MetricsAnswer, ProviderLookup, QueryOptions } from './types.ts';

interface Call extends QueryOptions {
  readonly expression: string;
  readonly atMs: number;
  answer(value: number): void;
  fail(error: unknown): void;
}

const A = 'shop/a';
const B = 'shop/b';

let clock: FakeSamplerClock;
let calls: Call[];
let told: string[];
let sampler: Sampler;
let lookups: Map<string, ProviderLookup>;
/** Answers at once with the number of the call; false: the test answers. */
let isPrompt: boolean;

function series(value: number): MetricsAnswer {
  return { series: [{ labels: {}, value, atMs: 0 }], warnings: [] };
}

function ask(expression: string, options: QueryOptions): Promise<MetricsAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<MetricsAnswer>();
  calls.push({
    expression,
    ...options,
    atMs: clock.now(),
    answer: (value) => resolve(series(value)),
    fail: reject,
  });
  if (isPrompt) resolve(series(calls.length));
  return promise;
}

function query(expression: string, intervalMs = 10_000, provider = 'prometheus'): CheckQuery {
  return { key: `${provider} ${intervalMs} ${expression}`, provider, expression, intervalMs };
}

function values(owner: string): unknown[] {
  return sampler.latest(owner).map((result) => {
    if ('error' in result) return result.error;
    return ['series' in result ? result.series[0]?.value : result.outcome, result.atMs];
  });
}

beforeEach(() => {
  clock = createFakeSamplerClock();
  calls = [];
  told = [];
  isPrompt = true;
  lookups = new Map();
  sampler = createSampler({
    clock,
    providers: ({ provider: name }, namespace) =>
      lookups.get(`${name} ${namespace}`) ??
      lookups.get(name) ?? { provider: { query: ask }, timeoutMs: 5000 },
    onResult: (owner) => told.push(owner),
  });
});

describe('the sampler', () => {
  it('asks at once and then every interval, and tells of each answer', async () => {
    sampler.want(A, [query('up')]);
    expect(calls).toHaveLength(1);
    expect(sampler.latest(A)).toEqual([]);
    await clock.advance(25_000);
    expect(calls.map(({ atMs }) => atMs)).toEqual([0, 10_000, 20_000]);
    expect(calls[0]).toMatchObject({ expression: 'up', timeoutMs: 5000 });
    expect(told).toEqual([A, A, A]);
    expect(values(A)).toEqual([[3, 20_000]]);
  });

  it('shares one question between owners, and tells each', async () => {
    sampler.want(A, [query('up'), query('down')]);
    sampler.want(B, [query('up')]);
    await clock.advance(10_000);
    expect(calls.map(({ expression }) => expression)).toEqual(['up', 'down', 'up', 'down']);
    expect(told).toEqual([A, B, A, A, B, A]);
    expect(values(A)).toEqual([
      [3, 10_000],
      [4, 10_000],
    ]);
    expect(values(B)).toEqual([[3, 10_000]]);
  });

  it.each([
    ['another expression', query('down')],
    ['another interval', query('up', 20_000)],
    ['another provider', query('up', 10_000, 'thanos')],
  ])('asks separately for %s', (_, other) => {
    sampler.want(A, [query('up')]);
    sampler.want(B, [other]);
    expect(calls).toHaveLength(2);
  });

  it('wanting the same again changes nothing', async () => {
    sampler.want(A, [query('up'), query('up')]);
    await clock.advance(5000);
    sampler.want(A, [query('up')]);
    await clock.advance(5000);
    expect(calls.map(({ atMs }) => atMs)).toEqual([0, 10_000]);
    expect(values(A)).toEqual([[2, 10_000]]);
  });

  it('replaces what an owner wanted, and stops what nobody wants', async () => {
    sampler.want(A, [query('up'), query('down')]);
    await clock.advance(0);
    sampler.want(A, [query('down'), query('new')]);
    expect(values(A)).toEqual([[2, 0]]);
    await clock.advance(10_000);
    expect(calls.map(({ expression }) => expression)).toEqual(['up', 'down', 'new', 'down', 'new']);
    expect(values(A)).toEqual([
      [4, 10_000],
      [5, 10_000],
    ]);
  });

  it('goes on for the other owners when one forgets', async () => {
    sampler.want(A, [query('up')]);
    sampler.want(B, [query('up')]);
    sampler.forget(A);
    await clock.advance(10_000);
    expect(calls).toHaveLength(2);
    expect(told).toEqual([B, B]);
    expect(sampler.latest(A)).toEqual([]);
    sampler.forget(B);
    await clock.advance(60_000);
    expect(calls).toHaveLength(2);
    expect(clock.timers()).toBe(0);
  });

  it('asks afresh when a forgotten question comes back', async () => {
    sampler.want(A, [query('up')]);
    await clock.advance(3000);
    sampler.forget(A);
    sampler.want(A, [query('up')]);
    expect(sampler.latest(A)).toEqual([]);
    await clock.advance(0);
    expect(calls.map(({ atMs }) => atMs)).toEqual([0, 3000]);
  });

  it('forgets an owner that it never knew', () => {
    expect(() => sampler.forget('shop/nobody')).not.toThrow();
    expect(sampler.latest('shop/nobody')).toEqual([]);
  });

  it('goes by elapsed time, whatever the wall clock does', async () => {
    sampler.want(A, [query('up')]);
    clock.jumpWall(-7_200_000);
    await clock.advance(20_000);
    clock.jumpWall(14_400_000);
    await clock.advance(10_000);
    expect(calls).toHaveLength(4);
  });

  it('stops for good', async () => {
    isPrompt = false;
    sampler.want(A, [query('up'), query('down')]);
    sampler.stop();
    expect(calls.every(({ signal }) => signal?.aborted)).toBe(true);
    calls[0]?.answer(1);
    sampler.want(A, [query('up')]);
    await clock.advance(60_000);
    expect([calls.length, told, sampler.latest(A), clock.timers()]).toEqual([2, [], [], 0]);
  });
});

describe('a slow provider', () => {
  beforeEach(() => {
    isPrompt = false;
  });

  it('is asked one at a time, and again as soon as it has answered late', async () => {
    lookups.set('prometheus', { provider: { query: ask }, timeoutMs: 30_000 });
    sampler.want(A, [query('up')]);
    await clock.advance(25_000);
    expect(calls).toHaveLength(1);
    calls[0]?.answer(7);
    await clock.advance(0);
    expect(values(A)).toEqual([[7, 0]]);
    expect(calls.map(({ atMs }) => atMs)).toEqual([0, 25_000]);
    calls[1]?.answer(8);
    await clock.advance(10_000);
    expect(calls.map(({ atMs }) => atMs)).toEqual([0, 25_000, 35_000]);
  });

  it('that keeps no time-out is left alone: a time-out, and the late answer is not heard', async () => {
    sampler.want(A, [query('up')]);
    await clock.advance(5999);
    expect(sampler.latest(A)).toEqual([]);
    await clock.advance(1);
    expect(values(A)).toEqual([{ kind: 'timeout', detail: 'no answer in 5s' }]);
    expect(calls[0]?.signal?.aborted).toBe(true);
    calls[0]?.answer(7);
    await clock.advance(0);
    expect(values(A)).toEqual([{ kind: 'timeout', detail: 'no answer in 5s' }]);
    expect(told).toEqual([A]);
    await clock.advance(4000);
    expect(calls).toHaveLength(2);
  });

  it('that is no longer wanted is not heard', async () => {
    sampler.want(A, [query('up')]);
    sampler.want(A, [query('down')]);
    expect(calls[0]?.signal?.aborted).toBe(true);
    calls[0]?.answer(7);
    await clock.advance(0);
    expect([told, sampler.latest(A)]).toEqual([[], []]);
  });

  it('that throws is an answer, and is asked again', async () => {
    sampler.want(A, [query('up')]);
    calls[0]?.fail(new Error('odd'));
    await clock.advance(0);
    expect(values(A)).toEqual([{ kind: 'connection', detail: 'odd' }]);
    await clock.advance(10_000);
    calls[1]?.answer(9);
    await clock.advance(0);
    expect(values(A)).toEqual([[9, 10_000]]);
  });

  it('that throws before it begins is an answer too', async () => {
    lookups.set('prometheus', {
      provider: {
        query: () => {
          throw new Error('at once');
        },
      },
      timeoutMs: 1000,
    });
    sampler.want(A, [query('up')]);
    await clock.advance(0);
    expect(values(A)).toEqual([{ kind: 'connection', detail: 'at once' }]);
  });
});

describe('whom to ask', () => {
  const missing: ProviderLookup = { problem: { kind: 'not-found', detail: 'there is none' } };
  const refusal: ProviderLookup = { problem: { kind: 'not-allowed', detail: 'not for you' } };

  it('is looked up each time: a provider may come and go', async () => {
    lookups.set('prometheus', missing);
    sampler.want(A, [query('up')]);
    await clock.advance(0);
    expect(values(A)).toEqual([{ kind: 'not-found', detail: 'there is none' }]);
    expect(told).toEqual([A]);
    lookups.delete('prometheus');
    await clock.advance(10_000);
    expect(values(A)).toEqual([[1, 10_000]]);
    lookups.set('prometheus', missing);
    await clock.advance(10_000);
    expect(values(A)).toEqual([{ kind: 'not-found', detail: 'there is none' }]);
    expect(calls).toHaveLength(1);
  });

  it.each(['the refused one first', 'the refused one second'])(
    'an owner whose namespace is not allowed never sees the answer of another: %s',
    async (order) => {
      const other = 'other/c';
      lookups.set('prometheus other', refusal);
      for (const owner of order.endsWith('first') ? [other, A] : [A, other]) {
        sampler.want(owner, [query('up')]);
        await clock.advance(0);
      }
      await clock.advance(10_000);
      expect(values(other)).toEqual([{ kind: 'not-allowed', detail: 'not for you' }]);
      expect(values(A)).toEqual([[calls.length, 10_000]]);
      lookups.delete('prometheus other');
      await clock.advance(10_000);
      expect(values(other)).toEqual([[calls.length, 20_000]]);
    },
  );
});
