// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { CheckStatus, SampleStatus } from '../../operator/api/analysis-status.ts';
import { limitText, scaleOf, valueText, verdictOf } from './check-cells.ts';
import { checkLines } from './checks.ts';
import { modelOf } from './model.ts';
import { BAKING } from './test-blue-greens.ts';
import { FRAME, GLYPHS, textOf } from './test-frames.ts';
import { MID_CANARY, NOW_MS, T } from './test-rollouts.ts';
import { trendOf } from './trend.ts';

describe('the cells of a check', () => {
  it.each([
    ['>= 99%', 99.123, '99.1%'],
    ['<= 500 ms', 412.4, '412 ms'],
    ['>= 0.5 and <= 2', 1.234, '1.23'],
    ['>= -1.5e-7', 0.25, '0.25'],
    ['"result < 0.9"', 0.93, '0.93'],
    ['compared with stable', 99.5, '99.5'],
    ['answers 200 to 399', 1, 'good'],
    ['completes within 5m', 0, 'bad'],
    ['accepts connections', 1, 'good'],
    [undefined, 5, '5'],
    ['>= 99%', undefined, '–'],
    ['>= 99%', Infinity, '+Inf'],
  ])('with limit %j the value %s reads %s', (limit, value, text) => {
    expect(valueText(value, scaleOf({ limit }), '–')).toBe(text);
  });

  it.each([
    ['>= 0.5 and <= 2', true, '≥ 0.5 and ≤ 2'],
    ['>= 0.5 and <= 2', false, '>= 0.5 and <= 2'],
    ['"result >= 0.9"', true, 'result >= 0.9'],
    [undefined, true, ''],
  ])('the limit %j with unicode %s reads %j', (limit, hasUnicode, text) => {
    expect(limitText(limit, hasUnicode)).toBe(text);
  });

  const check = (fields: Partial<CheckStatus>): CheckStatus => ({
    name: 'c',
    query: 'q',
    verdict: 'Running',
    good: 0,
    bad: 0,
    samples: [],
    ...fields,
  });
  const none: SampleStatus = { at: T('14:05:10'), noData: 'Empty' };

  it.each<[Partial<CheckStatus>, string]>([
    [{ good: 3, needed: 5 }, '▶ 3/5'],
    [{ good: 3, bad: 1, needed: 5 }, '▶ 4/5, 1 bad'],
    [{ good: 9, needed: 5 }, '▶ 5/5'],
    [{ good: 12 }, '▶ 12 good'],
    [{ verdict: 'Passed', good: 5, needed: 5 }, '✔ 5/5'],
    [{ verdict: 'Failed', good: 1, bad: 2, needed: 5 }, '✖ 3/5, 2 bad'],
    [{ verdict: 'Pending' }, '· not measured'],
    [{ verdict: 'Holding' }, '? held'],
    [{ verdict: 'Holding', samples: [none], noDataSince: T('14:05:10') }, '? no data 1m12s'],
    [{ verdict: 'Holding', samples: [none] }, '? no data'],
    [{ verdict: 'Holding', samples: [{ ...none, noData: 'BothDegraded' }] }, '? both degraded'],
    [{ verdict: 'Judged' as never, good: 1 }, 'Judged 1 good'],
  ])('%j is told as %s', (fields, text) => {
    expect(textOf(verdictOf(check(fields), GLYPHS, NOW_MS))).toBe(text);
  });

  it.each<[readonly (number | undefined)[], number, string]>([
    [[], 8, ''],
    [[undefined], 8, ''],
    [[5], 8, '▅'],
    [[5, 5], 8, '▅▅'],
    [[0, 50, 100], 8, '▁▅█'],
    [[0, undefined, 100], 8, '▁·█'],
    [[0, 50, 100], 2, '▁█'],
    [[0, Infinity, 100], 8, '▁·█'],
  ])('the trend of %j in %i columns is %s', (values, most, text) => {
    const samples = values.map((value) => ({ at: T('14:05:10'), ...(value === undefined ? {} : { value }) }));
    expect(textOf(trendOf(samples, most, GLYPHS))).toBe(text);
  });

  it('a trend shows what was bad', () => {
    const samples = [
      { at: '', value: 1, good: true },
      { at: '', value: 0, good: false },
    ];
    expect(trendOf(samples, 8, GLYPHS).map(({ style }) => style)).toEqual(['plain', 'bad']);
  });
});

describe('the table of checks', () => {
  it('names the arms of a bake by what they are there', () => {
    const [, run] = Object.entries((MID_CANARY.status as { analysis: object }).analysis)[0] ?? [];
    const baking = { ...BAKING, status: { ...(BAKING.status as object), analysis: { background: run } } };
    const [header, row] = checkLines(modelOf(baking), FRAME).map(textOf);
    expect(header).toMatch(/^Checks +new +old +limit +trend +verdict$/);
    expect(row).toMatch(/^ {8}success-rate +99\.4% +99\.6% +≥ 99% /);
  });

  it('says which checks are beside the steps, where there are both', () => {
    const [, run] = Object.entries((MID_CANARY.status as { analysis: object }).analysis)[0] ?? [];
    const both = {
      ...MID_CANARY,
      status: { ...(MID_CANARY.status as object), analysis: { step: run, background: run } },
    };
    const names = checkLines(modelOf(both), FRAME).map(
      (line) => (textOf(line) ?? '').slice(8).split(/ {2,}/)[0],
    );
    expect(names).toEqual([
      '',
      'success-rate',
      'p95-latency',
      'beside the steps:',
      'success-rate',
      'p95-latency',
    ]);
  });

  it('is left out where nothing is judged', () => {
    expect(checkLines(modelOf(BAKING), FRAME)).toEqual([]);
  });
});
