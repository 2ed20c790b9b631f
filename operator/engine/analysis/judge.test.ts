// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { AnalysisRun } from '../../api/analysis-status.ts';
import { toIso } from '../time.ts';
import { judge, startRun } from './judge.ts';
import { resolvedCheck } from './test-checks.ts';
import { background, bad, good, idle, lines, play, refused, type Said, START, step } from './test-play.ts';
import type { AnalysisMode, ResolvedCheck } from './types.ts';

describe('judge, in a step', () => {
  it.each<[string, Partial<ResolvedCheck>, AnalysisMode, Said[], string[]]>([
    [
      'one measurement is enough by default',
      {},
      step(),
      [good],
      ['Pass: success-rate 99.4% >= 99% in 1 of 1 check'],
    ],
    [
      'a count',
      { count: 3 },
      step(),
      [good, good, { value: 99.51 }],
      [
        'NeedMore: success-rate 99.4% >= 99% (1 of 3 checks)',
        'NeedMore: success-rate 99.4% >= 99% (2 of 3 checks)',
        'Pass: success-rate 99.5% >= 99% in 3 of 3 checks',
      ],
    ],
    [
      'one bad one fails by default',
      { count: 3 },
      step(),
      [bad],
      ['Fail AnalysisFailed: success-rate 96.2% < 99% in 1 of 1 check'],
    ],
    [
      'as many bad ones as are tolerated, and one more',
      { count: 5, failureLimit: 2 },
      step(),
      [bad, good, bad, good, bad],
      [
        'NeedMore: success-rate 96.2% < 99% (1 of 5 checks, 1 bad, 2 tolerated)',
        'NeedMore: success-rate 99.4% >= 99% (2 of 5 checks, 1 bad, 2 tolerated)',
        'NeedMore: success-rate 96.2% < 99% (3 of 5 checks, 2 bad, 2 tolerated)',
        'NeedMore: success-rate 99.4% >= 99% (4 of 5 checks, 2 bad, 2 tolerated)',
        'Fail AnalysisFailed: success-rate 96.2% < 99% in 3 of 5 checks',
      ],
    ],
    [
      'tolerated ones count as measurements',
      { count: 2, failureLimit: 1 },
      step(),
      [bad, good],
      [
        'NeedMore: success-rate 96.2% < 99% (1 of 2 checks, 1 bad, 1 tolerated)',
        'Pass: success-rate 99.4% >= 99% in 1 of 2 checks',
      ],
    ],
    [
      'tolerated ones alone never pass',
      { count: 1, failureLimit: 2 },
      step(),
      [bad, bad, good],
      [
        'NeedMore: success-rate 96.2% < 99% (1 of 1 check, 1 bad, 2 tolerated)',
        'NeedMore: success-rate 96.2% < 99% (1 of 1 check, 2 bad, 2 tolerated)',
        'Pass: success-rate 99.4% >= 99% in 1 of 3 checks',
      ],
    ],
    [
      'a duration asks for as many as fit, and lasts',
      {},
      step(30_000),
      [good, good, good, good],
      [
        'NeedMore: success-rate 99.4% >= 99% (1 of 3 checks)',
        'NeedMore: success-rate 99.4% >= 99% (2 of 3 checks)',
        'NeedMore: success-rate 99.4% >= 99% (3 of 3 checks)',
        'Pass: success-rate 99.4% >= 99% in 4 of 4 checks',
      ],
    ],
    [
      'what is missing in a duration is made up for',
      {},
      step(20_000),
      [good, refused, refused, good],
      [
        'NeedMore: success-rate 99.4% >= 99% (1 of 2 checks)',
        'Hold NoData: success-rate: no data from prometheus (connection refused) since 14:00:10',
        'Hold NoData: success-rate: no data from prometheus (connection refused) since 14:00:10',
        'Pass: success-rate 99.4% >= 99% in 2 of 2 checks',
      ],
    ],
    [
      'a check with a count does not wait for the duration',
      { count: 1 },
      step(600_000),
      [good],
      ['Pass: success-rate 99.4% >= 99% in 1 of 1 check'],
    ],
  ])('%s', (_, ...[fields, mode, said, expected]) => {
    expect(lines(play(said, { checks: [{ ...resolvedCheck(), ...fields }], mode }))).toEqual(expected);
  });

  it('counts what fits into a duration from the interval, at least one', () => {
    const neededFor = (durationMs: number) =>
      play([undefined], { mode: step(durationMs) })[0]?.run.checks[0]?.needed;
    expect([5000, 10_000, 29_999, 30_000].map(neededFor)).toEqual([1, 1, 2, 3]);
  });

  it('passes only when every check has passed, and fails with the first', () => {
    const checks = [
      resolvedCheck(),
      resolvedCheck({ name: 'latency', kind: 'request-duration', limit: { kind: 'bounds', max: 500 } }),
    ];
    const previous = startRun({ checks, revision: 'new', now: START });
    const say = (rate: Said | undefined, latency: Said | undefined) => {
      const said = Object.entries({ 'success-rate': rate, latency });
      const measurements = new Map(
        said.flatMap(([name, one]) => (one ? [[name, { atMs: START, ...one }]] : [])),
      );
      return lines([judge({ previous, checks, mode: step(), measurements, now: START })]);
    };
    expect([
      say(good, { value: 412 }),
      say(good, undefined),
      say(good, { value: 612.4 }),
      say(bad, { value: 612.4 }),
      say(bad, refused),
      say(good, refused),
      say(refused, { noData: 'ProviderTimeout', detail: 'no answer in 10s' }),
    ]).toEqual([
      ['Pass: success-rate 99.4% >= 99% in 1 of 1 check; latency 412 ms <= 500 ms in 1 of 1 check'],
      ['NeedMore: latency: not measured yet'],
      ['Fail AnalysisFailed: latency 612 ms > 500 ms in 1 of 1 check'],
      [
        'Fail AnalysisFailed: success-rate 96.2% < 99% in 1 of 1 check; latency 612 ms > 500 ms in 1 of 1 check',
      ],
      ['Fail AnalysisFailed: success-rate 96.2% < 99% in 1 of 1 check'],
      ['Hold NoData: latency: no data from prometheus (connection refused) since 14:00:00'],
      [
        'Hold NoData: success-rate: no data from prometheus (connection refused) since 14:00:00; latency: no data from prometheus (no answer in 10s) since 14:00:00',
      ],
    ]);
  });

  it('never passes without a check', () => {
    expect(lines(play([good], { checks: [] }))).toEqual(['NeedMore: there are no checks']);
  });

  it('stays at a verdict once it is final', () => {
    const failed = play([bad, good, good], { checks: [resolvedCheck({ count: 3 })] });
    expect(new Set(lines(failed)).size).toBe(1);
    expect(failed[2]?.run).toEqual(failed[0]?.run);
    const passed = play([good, bad, refused]);
    expect(new Set(lines(passed)).size).toBe(1);
    expect(passed[2]?.run).toEqual(passed[0]?.run);
  });
});

describe('judge, in the background', () => {
  it('needs one good measurement, then lets the steps go on until something speaks against it', () => {
    const checks = [resolvedCheck({ failureLimit: 1 })];
    expect(lines(play([undefined, bad, good, refused, good, bad], { checks, mode: background }))).toEqual([
      'NeedMore: success-rate: not measured yet',
      'NeedMore: success-rate 96.2% < 99% (1 check, 1 bad, 1 tolerated)',
      'Pass: success-rate 99.4% >= 99% (2 checks, 1 bad, 1 tolerated)',
      'Hold NoData: success-rate: no data from prometheus (connection refused) since 14:00:30',
      'Pass: success-rate 99.4% >= 99% (3 checks, 1 bad, 1 tolerated)',
      'Fail AnalysisFailed: success-rate 96.2% < 99% in 2 of 4 checks',
    ]);
  });

  it('has no end without a count, and one with it', () => {
    const last = (checks: ResolvedCheck[]) =>
      play([good, good, good], { checks, mode: background }).at(-1)?.run.checks[0];
    expect(last([resolvedCheck()])).toMatchObject({ verdict: 'Running', good: 3 });
    expect(last([resolvedCheck()])?.needed).toBeUndefined();
    expect(last([resolvedCheck({ count: 2 })])).toMatchObject({ verdict: 'Passed', good: 2, needed: 2 });
  });
});

describe('the hard guard', () => {
  function arms(errors: number, requests: number, stable?: [number, number]): Said {
    const theirs = stable && { requests: stable[1], errors: stable[0] };
    return {
      value: (100 * (requests - errors)) / requests,
      arms: { canary: { requests, errors }, ...(theirs ? { stable: theirs } : {}) },
    };
  }
  const lenient = [resolvedCheck({ count: 100, failureLimit: 50 })];

  it.each<[string, Said, boolean]>([
    ['half of twenty', arms(10, 20, [0, 100]), true],
    ['all of many', arms(500, 500, [1, 100]), true],
    ['fewer than twenty requests', arms(19, 19, [0, 100]), false],
    ['less than half', arms(9, 20, [0, 100]), false],
    ['both arms alike', arms(20, 20, [60, 100]), false],
    ['stable at exactly half of the rate', arms(20, 20, [50, 100]), false],
    ['stable at just below half of the rate', arms(20, 20, [49, 100]), true],
    ['stable without a request', arms(20, 20), false],
    [
      'too few requests for a value',
      { ...arms(20, 20, [0, 100]), value: undefined, noData: 'NoTraffic', detail: 'x' },
      true,
    ],
  ])('%s: %#', (_, said, isDown) => {
    const [judgement] = play([said], { checks: lenient });
    expect(judgement?.reason === 'CanaryDown').toBe(isDown);
    expect(judgement?.verdict === 'Fail').toBe(isDown);
  });

  it.each<[string, Said, Said, boolean]>([
    ['after a good one', good, arms(20, 20, [0, 100]), true],
    ['after one without evidence', idle, arms(20, 20, [0, 100]), true],
    ['bad, but not down', good, arms(9, 20, [0, 100]), false],
    ['no evidence', good, refused, false],
  ])('does not wait for the interval: %s', (_, first, second, isDown) => {
    const checks = [resolvedCheck({ askEveryMs: 2000 })];
    const [before] = play([first], { checks, mode: background });
    const now = START + 2000;
    const after = judge({
      previous: before?.run as AnalysisRun,
      checks,
      mode: background,
      measurements: new Map([['success-rate', { atMs: now, ...second }]]),
      now,
    });
    if (!isDown) {
      expect(after.run).toEqual(before?.run);
      return;
    }
    expect(after).toMatchObject({ verdict: 'Fail', reason: 'CanaryDown' });
    expect(after.run.checks[0]?.samples.at(-1)).toMatchObject({ at: toIso(now), ...second });
    const again = new Map([['success-rate', { atMs: now + 2000, ...second }]]);
    const input = { previous: after.run, checks, mode: background, measurements: again, now: now + 2000 };
    expect(judge(input)).toEqual(after);
  });

  it('says what it saw, and says it again when asked again', () => {
    const checks = lenient;
    const [first] = play([arms(130.4, 143, [8, 2011])], { checks });
    const message = 'success-rate: the canary failed 130 of 143 requests in 1m (stable 0.4%)';
    expect(first).toMatchObject({ verdict: 'Fail', reason: 'CanaryDown', message });
    const again = judge({
      previous: first?.run as AnalysisRun,
      checks,
      mode: step(),
      measurements: new Map(),
      now: START + 60_000,
    });
    expect(again).toEqual(first);
  });

  it('wins over the limit of another check', () => {
    const checks = [
      resolvedCheck(),
      resolvedCheck({ name: 'latency', kind: 'query', limit: { kind: 'bounds', max: 1 } }),
    ];
    const measurements = new Map([
      ['latency', { atMs: START, value: 2 }],
      ['success-rate', { atMs: START, ...arms(40, 40, [0, 40]) }],
    ]);
    const previous = startRun({ checks, revision: 'new', now: START });
    expect(judge({ previous, checks, mode: background, measurements, now: START })).toMatchObject({
      reason: 'CanaryDown',
      message:
        'success-rate: the canary failed 40 of 40 requests in 1m (stable 0%); latency 2 > 1 in 1 of 1 check',
    });
  });
});
