// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { AnalysisRun, CheckStatus } from '../../api/analysis-status.ts';
import { announceChecks } from './announce.ts';
import { PlanDraft } from './draft.ts';

const at = '2026-11-21T10:00:00.000Z';
const good = { at, value: 99.9, good: true };
const bad = { at, value: 60, good: false };

function run(row: Partial<CheckStatus>): AnalysisRun {
  const check: CheckStatus = {
    name: 'errors',
    query: 'q',
    verdict: 'Running',
    good: 0,
    bad: 0,
    samples: [],
    reason: 'because',
  };
  return { startedAt: at, revision: 'abc', checks: [{ ...check, ...row }] };
}

describe('announceChecks', () => {
  it.each<[string, AnalysisRun, AnalysisRun, string[]]>([
    ['a good measurement says nothing', run({}), run({ good: 1, samples: [good] }), []],
    ['the first bad one', run({}), run({ bad: 1, samples: [bad] }), ['CheckFailed errors: because']],
    [
      'a bad one after a good one',
      run({ good: 1, samples: [good] }),
      run({ good: 1, bad: 1, samples: [good, bad] }),
      ['CheckFailed errors: because'],
    ],
    ['one more bad one', run({ bad: 1, samples: [bad] }), run({ bad: 2, samples: [bad, bad] }), []],
    [
      'missing evidence that holds',
      run({}),
      run({ verdict: 'Holding', noDataSince: at }),
      ['CheckInconclusive errors: because'],
    ],
    [
      'missing evidence that goes on',
      run({ noDataSince: at }),
      run({ verdict: 'Holding', noDataSince: at }),
      [],
    ],
    ['a warm-up that does not hold', run({}), run({ noDataSince: at }), []],
  ])('%s', (_, previous, next, said) => {
    const draft = new PlanDraft({ observedGeneration: 1 });

    announceChecks(draft, previous, next);

    expect(draft.events.map(({ reason, message }) => `${reason} ${message}`)).toEqual(said);
    expect(draft.events.every(({ type }) => type === 'Warning')).toBe(true);
  });
});
