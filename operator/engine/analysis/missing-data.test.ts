// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AnalysisRun } from '../../api/analysis-status.ts';
import { toIso } from '../time.ts';
import { judge } from './judge.ts';
import { resolvedCheck } from './test-checks.ts';
import { background, good, idle, lines, play, refused, type Said, START, step } from './test-play.ts';

describe('missing data', () => {
  it.each<[string, Said, string]>([
    [
      'empty',
      { noData: 'Empty', detail: 'empty answer' },
      'no data from prometheus (empty answer) since 14:00:10',
    ],
    [
      'NaN',
      { noData: 'NotANumber', detail: 'the value is NaN' },
      'no data from prometheus (the value is NaN) since 14:00:10',
    ],
    ['no traffic', idle, 'needs about 7 more requests (3 of 10 in 1m); no evidence since 14:00:10'],
  ])('holds: %s', (_, said, sentence) => {
    const [, judgement] = play([good, said], { checks: [resolvedCheck({ count: 3 })] });
    expect(judgement).toMatchObject({
      verdict: 'Hold',
      reason: 'NoData',
      message: `success-rate: ${sentence}`,
      sinceMs: START + 10_000,
    });
    expect(judgement?.run.checks[0]).toMatchObject({ verdict: 'Holding', good: 1, bad: 0 });
  });

  it('counts from the first miss until evidence comes', () => {
    const said = [good, refused, idle, refused, good, refused];
    const since = play(said, { checks: [resolvedCheck({ count: 9 })] }).map(
      ({ sinceMs }) => sinceMs && sinceMs - START,
    );
    expect(since).toEqual([undefined, 10_000, 10_000, 10_000, undefined, 50_000]);
  });

  it('takes the longest miss of several checks', () => {
    const checks = [
      resolvedCheck({ count: 9 }),
      resolvedCheck({ name: 'other', kind: 'query', limit: { kind: 'bounds', max: 1 } }),
    ];
    const [first] = play([refused], { checks });
    const measurements = new Map([['other', { atMs: START + 10_000, ...refused }]]);
    const now = START + 10_000;
    expect(
      judge({ previous: first?.run as AnalysisRun, checks, mode: step(), measurements, now }).sinceMs,
    ).toBe(START);
  });

  it('raises no alarm about traffic while a canary warms up: one window and one interval', () => {
    const verdicts = play(Array.from({ length: 9 }, () => idle)).map(({ verdict }) => verdict);
    expect(verdicts).toEqual([...Array.from({ length: 7 }, () => 'NeedMore'), 'Hold', 'Hold']);
    expect(lines(play([idle]))).toEqual([
      'NeedMore: success-rate: needs about 7 more requests (3 of 10 in 1m)',
    ]);
    expect(lines(play([refused]))[0]).toMatch(/^Hold NoData/);
  });

  it('a spell without news changes nothing, so nothing has to be written', () => {
    const runs = play([good, refused, refused, refused], { checks: [resolvedCheck({ count: 9 })] }).map(
      ({ run }) => run,
    );
    expect(runs[3]).toEqual(runs[1]);
    expect(runs[1]?.checks[0]?.samples).toHaveLength(2);
  });

  it('keeps only the newest sample of a spell', () => {
    const [row] =
      play([good, refused, idle, idle], { checks: [resolvedCheck({ count: 9 })] }).at(-1)?.run.checks ?? [];
    expect(row?.samples).toEqual([
      { at: toIso(START), value: 99.4, good: true },
      { at: toIso(START + 20_000), ...idle },
    ]);
  });

  it('a condition that cannot be evaluated is no evidence', () => {
    const checks = [
      resolvedCheck({ kind: 'query', limit: { kind: 'condition', expression: '10 / int(result) > 1' } }),
    ];
    expect(lines(play([{ value: 0 }, { value: 2 }], { checks }))).toEqual([
      'Hold NoData: success-rate: no data from prometheus (successCondition: int divide by zero) since 14:00:00',
      'Pass: success-rate 2 meets "10 / int(result) > 1" in 1 of 1 check',
    ]);
  });

  it.each<[Partial<{ min: number; max: number }>, number, string]>([
    [{ max: 500 }, 500, 'Fail AnalysisFailed: latency > 500 ms in 1 of 1 check'],
    [{ max: 300 }, 500, 'Fail AnalysisFailed: latency 500 ms > 300 ms in 1 of 1 check'],
    [
      { max: 800 },
      500,
      'Hold NoData: latency: no data from prometheus (above 500 ms, the greatest bucket, and how far is not known) since 14:00:00',
    ],
    [{ min: 100 }, 500, 'Pass: latency 500 ms >= 100 ms in 1 of 1 check'],
    [{ min: 100, max: 500 }, 500, 'Fail AnalysisFailed: latency > 500 ms in 1 of 1 check'],
  ])('beyond the greatest bucket, limit %j', (bounds, value, line) => {
    const checks = [
      resolvedCheck({ name: 'latency', kind: 'request-duration', limit: { kind: 'bounds', ...bounds } }),
    ];
    expect(lines(play([{ value, beyond: true }], { checks }))).toEqual([line]);
  });

  it('never passes or fails on missing data, whatever comes between', () => {
    const missing = fc.constantFrom<Said | undefined>(
      refused,
      idle,
      { noData: 'Empty', detail: 'x' },
      undefined,
    );
    fc.assert(
      fc.property(
        fc.array(missing, { maxLength: 40 }),
        fc.constantFrom(step(), step(50_000), background),
        (all, mode) => {
          const verdicts = new Set(play(all, { mode }).map(({ verdict }) => verdict));
          expect([...verdicts].filter((verdict) => verdict === 'Pass' || verdict === 'Fail')).toEqual([]);
        },
      ),
    );
  });
});
