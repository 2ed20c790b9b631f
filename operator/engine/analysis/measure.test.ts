// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { measure, measureAll } from './measure.ts';
import { resolvedCheck } from './test-checks.ts';
import type { QueryErrorKind, Series } from './query-types.ts';
import type { Measurement } from './types.ts';

const AT = 1_000_000;
const check = resolvedCheck({ name: 'saturation', kind: 'query', limit: { kind: 'bounds', max: 1 } });

function one(value: number, atMs = AT): Series {
  return { labels: {}, value, atMs };
}

describe('measure of a query', () => {
  it.each<[string, Series[], Omit<Measurement, 'atMs'>]>([
    ['a number', [one(0.5)], { value: 0.5 }],
    ['zero', [one(0)], { value: 0 }],
    ['a labelled number', [{ labels: { a: 'b' }, value: -3, atMs: AT }], { value: -3 }],
    ['nothing', [], { noData: 'Empty', detail: 'empty answer' }],
    ['NaN', [one(Number.NaN)], { noData: 'NotANumber', detail: 'the value is NaN' }],
    ['+Inf', [one(Infinity)], { noData: 'NotANumber', detail: 'the value is +Inf' }],
    ['-Inf', [one(-Infinity)], { noData: 'NotANumber', detail: 'the value is -Inf' }],
    ['two series', [one(1), one(1)], { noData: 'SeveralSeries', detail: '2 series where one is expected' }],
    ['an answer of five minutes ago', [one(1, AT - 300_000)], { value: 1 }],
    ['an older one', [one(1, AT - 301_000)], { noData: 'Stale', detail: 'the answer is 5m1s old' }],
    ['one from a clock that is ahead', [one(1, AT + 3_600_000)], { value: 1 }],
  ])('%s', (_, series, expected) => {
    expect(measure(check, { key: check.query.key, atMs: AT, series })).toEqual({ atMs: AT, ...expected });
  });

  it.each<[QueryErrorKind, Measurement['noData']]>([
    ['timeout', 'ProviderTimeout'],
    ['connection', 'ProviderError'],
    ['status', 'ProviderError'],
    ['malformed', 'ProviderError'],
    ['too-large', 'ProviderError'],
    ['query', 'BadQuery'],
    ['not-found', 'ProviderNotFound'],
    ['not-allowed', 'NotAllowed'],
  ])('an error of kind %s is %s', (kind, noData) => {
    const result = { key: check.query.key, atMs: AT, error: { kind, detail: 'what  it\nsaid' } };
    expect(measure(check, result)).toEqual({ atMs: AT, noData, detail: 'what it said' });
  });

  it('surfaces warnings beside a value, and keeps the reason beside none', () => {
    const result = { key: check.query.key, atMs: AT, warnings: ['a', 'b'] };
    expect(measure(check, { ...result, series: [one(1)] }).detail).toBe('prometheus warns: a; b');
    expect(measure(check, { ...result, series: [] }).detail).toBe('empty answer');
  });
});

describe('measureAll', () => {
  it('gives each check the answer to its query, and nothing to one without', () => {
    const same = { ...check, name: 'same' };
    const other = resolvedCheck({ name: 'other', kind: 'query' });
    const measurements = measureAll(
      [check, same, other],
      [{ key: check.query.key, atMs: AT, series: [one(2)] }],
    );
    expect([...measurements]).toEqual([
      ['saturation', { atMs: AT, value: 2 }],
      ['same', { atMs: AT, value: 2 }],
    ]);
  });
});
