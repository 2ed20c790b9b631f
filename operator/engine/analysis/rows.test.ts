// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AnalysisRun } from '../../api/analysis-status.ts';
import { toIso } from '../time.ts';
import { judge, startRun } from './judge.ts';
import { resolvedCheck } from './test-checks.ts';
import { background, bad, good, idle, play, refused, type Said, START, step } from './test-play.ts';
import type { ResolvedCheck } from './types.ts';

describe('time', () => {
  const checks = [resolvedCheck({ count: 9, initialDelayMs: 20_000 })];
  const goodAfter = (atMs: number, now = atMs, given = checks) => {
    const previous = startRun({ checks: given, revision: 'new', now: START });
    const measurements = new Map([['success-rate', { atMs, ...good }]]);
    return judge({ previous, checks: given, mode: step(), measurements, now }).run.checks[0]?.good;
  };

  it('does not judge what was measured before its time', () => {
    expect(goodAfter(START + 19_999)).toBe(0);
    expect(goodAfter(START + 20_000)).toBe(1);
    const later = [resolvedCheck({ count: 9, notBeforeMs: START + 60_000 })];
    expect(goodAfter(START + 59_999, START + 60_000, later)).toBe(0);
    expect(goodAfter(START + 60_000, START + 60_000, later)).toBe(1);
  });

  it('judges on when the clock was set back behind the start', () => {
    expect(goodAfter(START - 7_200_000)).toBe(1);
    const mode = step(30_000);
    const given = [resolvedCheck()];
    let run = startRun({ checks: given, revision: 'new', now: START });
    const verdicts = [0, 1, 2].map((i) => {
      const now = START - 7_200_000 + i * 10_000;
      const judgement = judge({
        previous: run,
        checks: given,
        mode,
        measurements: new Map([['success-rate', { atMs: now, ...good }]]),
        now,
      });
      run = judgement.run;
      return judgement.verdict;
    });
    expect(verdicts).toEqual(['NeedMore', 'NeedMore', 'Pass']);
  });

  it('a clock that leaps forward does not make up for measurements', () => {
    const given = [resolvedCheck()];
    const [first] = play([good], { checks: given, mode: step(60_000) });
    const now = START + 7_200_000;
    const leap = judge({
      previous: first?.run as AnalysisRun,
      checks: given,
      mode: step(60_000),
      measurements: new Map(),
      now,
    });
    expect(leap).toMatchObject({ verdict: 'NeedMore', message: 'success-rate 99.4% >= 99% (1 of 6 checks)' });
  });

  it('asked more often than it measures, counts as often as it measures', () => {
    const given = [resolvedCheck({ count: 99, askEveryMs: 2000 })];
    let run = startRun({ checks: given, revision: 'new', now: START });
    const counts = Array.from({ length: 16 }, (_, i) => {
      // a timer is never exactly on time
      const now = START + i * 2000 - (i % 2);
      const measurements = new Map([['success-rate', { atMs: now, ...good }]]);
      ({ run } = judge({ previous: run, checks: given, mode: step(), measurements, now }));
      return run.checks[0]?.good;
    });
    expect(counts).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4]);
    expect(run.checks[0]?.samples).toHaveLength(4);
  });

  it.each([
    ['the same measurement', 0, 1],
    ['one much too early, as after a restart', 4999, 1],
    ['one slightly early', 5000, 2],
    ['one in time', 10_000, 2],
  ])('%s', (_, laterMs, counted) => {
    const given = [resolvedCheck({ count: 9 })];
    const [first] = play([good], { checks: given });
    const now = START + laterMs;
    const measurements = new Map([['success-rate', { atMs: now, ...good }]]);
    const next = judge({
      previous: first?.run as AnalysisRun,
      checks: given,
      mode: step(),
      measurements,
      now,
    });
    expect(next.run.checks[0]?.good).toBe(counted);
    if (counted === 1) expect(next).toEqual(first);
  });
});

describe('the run in status', () => {
  it('starts with a row for each check', () => {
    const run = startRun({ checks: [resolvedCheck({ count: 3 })], revision: 'new', step: 2, now: START });
    expect(run).toEqual({
      startedAt: '2026-11-21T14:00:00.000Z',
      step: 2,
      revision: 'new',
      checks: [
        {
          name: 'success-rate',
          query: 'expression of success-rate',
          limit: '>= 99%',
          verdict: 'Pending',
          reason: 'success-rate: not measured yet',
          good: 0,
          bad: 0,
          samples: [],
        },
      ],
    });
  });

  it('keeps what was measured, bounded, as the schema wants it', () => {
    const full: Said = {
      value: 99.5,
      stable: 99.9,
      arms: { canary: { requests: 200, errors: 1 }, stable: { requests: 1000, errors: 1 } },
      detail: 'prometheus warns: a',
    };
    const runs = play(
      Array.from({ length: 30 }, () => full),
      { checks: [resolvedCheck({ count: 99 })] },
    );
    const run = AnalysisRun.parse(runs.at(-1)?.run);
    expect(run).toEqual(runs.at(-1)?.run);
    expect(run.checks[0]).toMatchObject({
      good: 30,
      bad: 0,
      needed: 99,
      lastSampleAt: toIso(START + 290_000),
    });
    expect(run.checks[0]?.samples).toHaveLength(20);
    expect(run.checks[0]?.samples[0]).toEqual({ at: toIso(START + 100_000), good: true, ...full });
  });

  it.each<[string, Partial<ResolvedCheck>, number]>([
    ['the same check', {}, 2],
    ['another count', { count: 5 }, 2],
    ['another limit', { limitText: '>= 98%' }, 0],
    ['another query', { query: { ...resolvedCheck().query, expression: 'other' } }, 0],
    ['another name', { name: 'renamed' }, 0],
  ])('keeps evidence through an edit only where it answers the same question: %s', (_, edit, kept) => {
    const check = resolvedCheck({ count: 9 });
    const [, second] = play([good, good], { checks: [check] });
    const checks = [{ ...check, ...edit }];
    const next = judge({
      previous: second?.run as AnalysisRun,
      checks,
      mode: step(),
      measurements: new Map(),
      now: START + 11_000,
    });
    expect(next.run.checks).toHaveLength(1);
    expect(next.run.checks[0]).toMatchObject({ good: kept, needed: edit.count ?? 9 });
  });

  it('judged again from its own status, or replayed from the start, gives the same', () => {
    const said = fc.constantFrom<Said | undefined>(good, bad, refused, idle, undefined);
    const shape = fc.record({
      count: fc.integer({ min: 1, max: 6 }),
      failureLimit: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(said, { maxLength: 25 }),
        shape,
        fc.constantFrom(step(), step(50_000), background),
        (all, fields, mode) => {
          const checks = [resolvedCheck(fields)];
          const once = play(all, { checks, mode });
          expect(play(all, { checks, mode })).toEqual(once);
          once.forEach((judgement, i) => {
            const now = START + i * 10_000;
            const one = all[i];
            const measurements = new Map(one ? [['success-rate', { atMs: now, ...one }]] : []);
            const stored = AnalysisRun.parse(JSON.parse(JSON.stringify(judgement.run)));
            expect(judge({ previous: stored, checks, mode, measurements, now })).toEqual(judgement);
          });
        },
      ),
      { numRuns: 300 },
    );
  });
});
