// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { AnalysisRun, type CheckStatus } from '../../api/analysis-status.ts';
import { judge, startRun } from './judge.ts';
import { planQueries } from './queries.ts';
import { resolvedCheck } from './test-checks.ts';
import { background, lines, START } from './test-play.ts';
import type { Judgement, Measurement, ResolvedCheck } from './types.ts';

type Numbers = readonly [number, number, number, number];

const compare = { tolerance: 1.25, alpha: 0.001 };
const plain = resolvedCheck({ compare, allowedShare: 0.01, askEveryMs: 2000, windowMs: 10_000 });

/** A measurement whose window is its interval. */
function measured([requests, errors, theirs, theirErrors]: Numbers, atMs: number): Measurement {
  const arms = {
    canary: { requests, errors },
    ...(theirs > 0 ? { stable: { requests: theirs, errors: theirErrors } } : {}),
  };
  const value = 100 - (100 * errors) / requests;
  const stable = { requests: theirs, errors: theirErrors };
  return { atMs, value, arms, tick: { canary: arms.canary, stable, oldestMs: atMs - 2000 } };
}

/** Plays measurements 10 s apart; every run on the way goes through JSON, as through the API server. */
function play(said: readonly (Numbers | undefined)[], check: ResolvedCheck = plain): Judgement[] {
  const checks = [check];
  let run = startRun({ checks, revision: 'new', now: START });
  return said.map((one, i) => {
    const now = START + 10_000 * (i + 1);
    const measurement: Measurement = one
      ? measured(one, now)
      : { atMs: now, noData: 'ProviderError', detail: 'refused' };
    const measurements = new Map([[check.name, measurement]]);
    const judgement = judge({ previous: run, checks, mode: background, measurements, now });
    run = AnalysisRun.parse(JSON.parse(JSON.stringify(judgement.run)));
    return judgement;
  });
}

function times(count: number, numbers: Numbers): Numbers[] {
  return Array.from({ length: count }, () => numbers);
}

function last<T>(of: readonly T[]): T | undefined {
  return of.at(-1);
}

const usual: Numbers = [200, 1, 1800, 9];
const incident: Numbers = [200, 60, 1800, 540];

describe('compared with stable', () => {
  it('a canary within the tolerance goes on for as long as it takes', () => {
    expect(new Set(play(times(200, usual)).map(({ verdict }) => verdict))).toEqual(new Set(['Pass']));
  });

  it('a worse one fails although it is within the line, and says why with all that counts', () => {
    const worse = play(times(30, [1000, 9, 9000, 18]));
    expect(last(worse)).toMatchObject({
      verdict: 'Fail',
      reason: 'AnalysisFailed',
      message:
        'success-rate: the canary has 0.9% errors (27 of 3000), more than 1.25 times the 0.2% of stable; evidence 41000 to 1',
    });
  });

  it('nobody says so with another tolerance, or where nothing is compared', () => {
    const lenient = { ...plain, compare: { ...compare, tolerance: 6 } };
    expect(last(play(times(30, [1000, 9, 9000, 18]), lenient))?.verdict).toBe('Pass');
    expect(last(play(times(30, [1000, 9, 9000, 18]), { ...plain, compare: undefined }))?.verdict).toBe(
      'Pass',
    );
  });

  it('an incident in both arms holds the release and never rolls it back', () => {
    const seen = play([...times(6, usual), ...times(20, incident), ...times(6, usual)]);
    const during = seen.slice(6, 26);
    expect(new Set(during.map(({ verdict, reason }) => `${verdict} ${reason}`))).toEqual(
      new Set(['Hold BothDegraded']),
    );
    expect(last(lines(during))).toBe(
      'Hold BothDegraded: success-rate: both arms degraded (canary 30%, stable 30%) since 14:01:10',
    );
    expect(last(seen)?.verdict).toBe('Pass');
  });

  it('one that shows in the canary first, where pods are scraped one after the other, is no reason either', () => {
    const first: Numbers = [200, 60, 1800, 10];
    const seen = play([
      ...times(6, usual),
      first,
      ...times(9, incident),
      [200, 40, 1800, 9],
      ...times(6, usual),
    ]);
    expect(seen.filter(({ verdict }) => verdict === 'Fail')).toEqual([]);
    expect(seen[6]?.message).toContain('success-rate 70% < 99%: looked at once more');
  });

  it('a canary that is worse in an incident fails', () => {
    expect(last(play([...times(20, usual), ...times(12, [200, 90, 1800, 180])]))?.verdict).toBe('Fail');
  });

  it('without a line, an unusual rate of stable holds, and so does a stable arm without requests', () => {
    const check = { ...plain, limit: { kind: 'bounds' as const }, allowedShare: undefined };
    const seen = play([...times(60, usual), ...times(6, incident)], check);
    expect(seen[59]?.verdict).toBe('Pass');
    expect(seen.slice(60).map(({ verdict }) => verdict)).not.toContain('Fail');
    expect(last(play([[200, 1, 0, 0]], check))).toMatchObject({
      verdict: 'Hold',
      message: 'success-rate: stable has no requests to compare with since 14:00:10',
    });
    expect(last(play([[200, 1, 0, 0]], { ...check, isAlone: true }))?.verdict).toBe('Pass');
  });
});

describe('the line of a ratio', () => {
  it.each<[string, Numbers, string]>([
    [
      'three errors in ten requests do not decide',
      [10, 3, 90, 0],
      'NeedMore: success-rate 70% < 99%: too few to tell, needs about 10 more requests (0 checks)',
    ],
    [
      'nor do they in a part of a request, as Prometheus extrapolates it',
      [9.72, 2.916, 90, 0],
      'NeedMore: success-rate 70% < 99%: too few to tell, needs about 11 more requests (0 checks)',
    ],
    [
      'nor do three in two hundred',
      [200, 3, 1800, 9],
      'NeedMore: success-rate 98.5% < 99%: too few to tell, needs about 9685 more requests (0 checks)',
    ],
  ])('%s', (_, numbers, said) => {
    expect(lines(play([numbers], { ...plain, compare: undefined }))).toEqual([said]);
  });

  it('is broken when that is no chance, twice in a row', () => {
    const seen = play(times(2, [200, 20, 1800, 9]), { ...plain, compare: undefined });
    expect(lines(seen)).toEqual([
      'NeedMore: success-rate 90% < 99%: looked at once more (0 checks)',
      'Fail AnalysisFailed: success-rate 90% < 99% in 1 of 1 check',
    ]);
  });

  it('is broken at once where both arms are counted in one scrape', () => {
    const { reading } = resolvedCheck({ armsBy: { label: 'service', backend: 'b' } });
    const seen = play([[200, 20, 1800, 9]], { ...plain, reading });
    expect(seen[0]).toMatchObject({ verdict: 'Fail', reason: 'AnalysisFailed' });
  });

  it('is not broken by one burst, however long it stays in the window', () => {
    const check = { ...plain, windowMs: 60_000 };
    const burst = { ...measured([1200, 40, 10_800, 9], 0), tick: measured([200, 40, 1800, 9], 0).tick };
    const after = { ...burst, tick: measured(usual, 0).tick };
    let run = startRun({ checks: [check], revision: 'new', now: START });
    const verdicts = [burst, after, after, after].map((one, i) => {
      const now = START + 10_000 * (i + 1);
      const measurements = new Map([[check.name, { ...one, atMs: now } as Measurement]]);
      const judgement = judge({ previous: run, checks: [check], mode: background, measurements, now });
      run = judgement.run;
      return judgement.verdict;
    });
    expect(verdicts).not.toContain('Fail');
  });
});

describe('the hard guard', () => {
  it('does not wait for a comparison', () => {
    expect(play([[40, 40, 360, 1]])[0]).toMatchObject({ verdict: 'Fail', reason: 'CanaryDown' });
  });

  it('is not about slow requests', () => {
    const slow = {
      ...plain,
      reading: resolvedCheck({ kind: 'request-duration' }).reading,
      allowedShare: 0.01,
    };
    expect(play([[40, 40, 360, 1]], slow)[0]).toMatchObject({ verdict: 'NeedMore' });
    expect(last(play(times(8, [400, 40, 3600, 1]), slow))).toMatchObject({ reason: 'AnalysisFailed' });
  });
});

describe('a recorded run', () => {
  it('gives the same verdict again, and again after the operator has started anew at any moment', () => {
    const said = [...times(5, usual), undefined, ...times(20, [200, 8, 1800, 9] as Numbers)];
    const once = play(said);
    expect(last(once)?.verdict).toBe('Fail');
    expect(play(said)).toEqual(once);
    const checks = [plain];
    for (const [i, { run }] of once.slice(0, -1).entries()) {
      const one = said[i + 1];
      const now = START + 10_000 * (i + 2);
      const next: Measurement = one
        ? measured(one, now)
        : { atMs: now, noData: 'ProviderError', detail: 'refused' };
      const input = {
        previous: AnalysisRun.parse(JSON.parse(JSON.stringify(run))),
        checks,
        mode: background,
        measurements: new Map([[plain.name, next]]),
        now,
      };
      const first = judge(input);
      expect(first.verdict).toBe(once[i + 1]?.verdict);
      expect(judge({ ...input, previous: first.run })).toEqual(first);
    }
  });

  const seen = play(times(12, usual)).at(-1)?.run;
  const row = seen?.checks[0] as CheckStatus;

  it.each<[string, CheckStatus['evidence']]>([
    ['gone', undefined],
    ['cut', row.evidence && { ...row.evidence, counted: [[2000, 1900]] }],
    ['more errors than requests', row.evidence && { ...row.evidence, counted: [[20, 1900, 18_000, 1, 0]] }],
    ['no counts at all', row.evidence && { ...row.evidence, counted: [[-1, 5, Number.NaN, 1, 0]] }],
  ])('whose evidence is %s gives no wrong verdict and begins anew', (_, evidence) => {
    const previous = { ...(seen as AnalysisRun), checks: [{ ...row, evidence }] };
    const now = START + 130_000;
    const measurements = new Map([[plain.name, measured(usual, now)]]);
    const judgement = judge({ previous, checks: [plain], mode: background, measurements, now });
    expect(judgement.verdict).toBe('Pass');
    expect(judgement.run.checks[0]?.evidence).toMatchObject({ counted: [], waiting: [200, 1, 1800, 9, 0] });
  });

  it('stays small', () => {
    const long = play([...times(60, usual), ...times(60, [500, 2, 500, 2]), ...times(60, [900, 4, 100, 1])]);
    expect(JSON.stringify(long.at(-1)?.run.checks[0]?.evidence).length).toBeLessThan(600);
    expect(long.at(-1)?.run.checks[0]?.samples).toHaveLength(20);
  });
});

describe('the past of stable', () => {
  const history = { key: 'past', provider: 'prometheus', expression: 'past', intervalMs: 60_000 };
  const check = { ...plain, history };

  it('is asked for until it has been told', () => {
    const keysOf = (run: AnalysisRun) =>
      planQueries({ run, checks: [check], mode: background, now: START + 10_000 }).queries.map(
        ({ key }) => key,
      );
    const run = startRun({ checks: [check], revision: 'new', now: START });
    expect(keysOf(run)).toEqual([check.query.key, 'past']);
    const measurement = { ...measured(usual, START + 10_000), history: [{ requests: 1800, errors: 9 }] };
    const told = judge({
      previous: run,
      checks: [check],
      mode: background,
      measurements: new Map([[check.name, measurement]]),
      now: START + 10_000,
    });
    expect(keysOf(told.run)).toEqual([check.query.key]);
  });
});
