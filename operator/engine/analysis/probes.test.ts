// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { AnalysisTemplateSpec } from '../../api/analysis.ts';
import { judge, startRun } from './judge.ts';
import { measureAll } from './measure.ts';
import { planQueries } from './queries.ts';
import type { QueryError } from './query-types.ts';
import { resolveChecks } from './resolve.ts';
import { background, lines, START, step } from './test-play.ts';
import type { AnalysisMode, Judgement, ResolvedCheck } from './types.ts';

/** What a probe answers each time that it is asked: true or false with words, or why there is no evidence. */
type Answer = readonly [boolean, string] | QueryError;

function checkOf(check: object): ResolvedCheck {
  const template = AnalysisTemplateSpec.parse({ checks: [check] });
  const owner = { apiVersion: 'headway.dev/v1alpha1', kind: 'Canary', name: 'web', uid: 'uid' };
  const scope = {
    namespace: 'shop',
    canary: 'web',
    target: 'web',
    service: 'web',
    revision: 'new',
    run: { owner, startedAt: '2026-11-21T14:00:00Z' },
  };
  const found = resolveChecks({ template, args: [], scope });
  if (found.kind === 'invalid' || !found.checks[0]) throw new Error(JSON.stringify(found));
  return found.checks[0];
}

const http = checkOf({ name: 'front', http: { port: 8080 }, interval: '10s', count: 3, failureLimit: 1 });
const job = checkOf({ name: 'smoke', job: { cronJobRef: { name: 'smoke' } } });

/** Answers every interval of the check, and every judgement on the way. */
function played(check: ResolvedCheck, answers: readonly Answer[], mode: AnalysisMode = step()): Judgement[] {
  const checks = [check];
  let run = startRun({ checks, revision: 'new', now: START });
  return answers.map((answer, i) => {
    const now = START + i * check.intervalMs;
    const at = { key: check.query.key, atMs: now };
    const result = 'kind' in answer ? { ...at, error: answer } : { ...at, outcome: outcomeOf(answer) };
    const judgement = judge({ previous: run, checks, mode, measurements: measureAll(checks, [result]), now });
    run = judgement.run;
    return judgement;
  });
}

function outcomeOf([isGood, detail]: readonly [boolean, string]) {
  return { isGood, detail };
}

const ok: Answer = [true, 'GET :8080/ of 2 pods answered 200'];
const down: Answer = [false, 'GET :8080/ of pod web-1 answered 503, not 200 to 399'];
const nobody: Answer = { kind: 'no-pod', detail: 'no pod of revision new is ready' };
const runs: Answer = { kind: 'job-running', detail: 'Job smoke-x runs since 14:00:01' };

describe('a probe of pods is judged as any other check', () => {
  it.each([
    [
      'three good answers',
      [ok, ok, ok],
      [
        'NeedMore: front: GET :8080/ of 2 pods answered 200 (1 of 3 checks)',
        'NeedMore: front: GET :8080/ of 2 pods answered 200 (2 of 3 checks)',
        'Pass: front: GET :8080/ of 2 pods answered 200 in 3 of 3 checks',
      ],
    ],
    [
      'two bad ones where one is tolerated',
      [ok, down, down],
      [
        'NeedMore: front: GET :8080/ of 2 pods answered 200 (1 of 3 checks)',
        'NeedMore: front: GET :8080/ of pod web-1 answered 503, not 200 to 399 (2 of 3 checks, 1 bad, 1 tolerated)',
        'Fail AnalysisFailed: front: GET :8080/ of pod web-1 answered 503, not 200 to 399 in 2 of 3 checks',
      ],
    ],
    [
      'nobody to ask is no evidence, however often',
      [nobody, nobody, nobody, nobody, ok],
      [
        ...Array.from(
          { length: 4 },
          () => 'Hold NoData: front: no data from the pods (no pod of revision new is ready) since 14:00:00',
        ),
        'NeedMore: front: GET :8080/ of 2 pods answered 200 (1 of 3 checks)',
      ],
    ],
  ])('%s', (_title, answers, said) => {
    expect(lines(played(http, answers))).toEqual(said);
  });

  it('its numbers are 1 and 0, for dashboards', () => {
    const samples = played(http, [ok, down]).at(-1)?.run.checks[0]?.samples;
    expect(samples?.map(({ value, good }) => [value, good])).toEqual([
      [1, true],
      [0, false],
    ]);
  });

  it('in the background it has no end without a count', () => {
    const endless = checkOf({ name: 'front', http: { port: 8080 }, interval: '10s' });
    expect(played(endless, [ok, ok, ok], background).at(-1)).toMatchObject({ verdict: 'Pass' });
    expect(played(endless, [ok, down], background).at(-1)).toMatchObject({ verdict: 'Fail' });
  });
});

describe('a Job', () => {
  const stuck: Answer = { kind: 'job-not-started', detail: 'Job smoke-x cannot start: ImagePullBackOff' };

  it.each([
    [
      'that runs is waited for, however long, and is no hold',
      [runs, runs, runs],
      'NeedMore: smoke: Job smoke-x runs since 14:00:01',
    ],
    [
      'that completes passes',
      [runs, [true, 'Job smoke-x completed in 4s']],
      'Pass: smoke: Job smoke-x completed in 4s',
    ],
    [
      'that fails says why',
      [runs, [false, 'Job smoke-x failed (exit code 1): "cart is empty"']],
      'Fail AnalysisFailed: smoke: Job smoke-x failed (exit code 1): "cart is empty"',
    ],
    [
      'that cannot start holds',
      [runs, stuck, stuck],
      'Hold NoData: smoke: no data from the Job (Job smoke-x cannot start: ImagePullBackOff) since 14:00:02',
    ],
    [
      'that starts after all is no hold any more',
      [stuck, runs],
      'NeedMore: smoke: Job smoke-x runs since 14:00:01',
    ],
  ] as const)('%s', (_title, answers, last) => {
    expect(lines(played(job, answers)).at(-1)).toBe(last);
  });

  it('that has run long does not count against the deadline for missing data', () => {
    const [, , lost] = played(job, [runs, runs, { kind: 'connection', detail: 'refused' }]);
    expect(lost).toMatchObject({ verdict: 'Hold', sinceMs: START + 4000 });
  });

  it('writes nothing while it runs', () => {
    const [first, second] = played(job, [runs, runs]);
    expect(second?.run).toEqual(first?.run);
  });

  it('is asked for until it has ended, and never after', () => {
    const wanted = (answers: readonly Answer[]) => {
      const run =
        played(job, answers).at(-1)?.run ?? startRun({ checks: [job], revision: 'new', now: START });
      return planQueries({ run, checks: [job], mode: background, now: START }).queries.length;
    };
    expect([wanted([]), wanted([runs]), wanted([runs, [true, 'done']]), wanted([[false, 'failed']])]).toEqual(
      [1, 1, 0, 0],
    );
  });
});
