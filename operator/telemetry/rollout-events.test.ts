// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { SampleStatus } from '../api/analysis-status.ts';
import { RolloutStatus } from '../api/rollout-status.ts';
import type { HistoryEntry } from '../api/release-status.ts';
import {
  endedPause,
  endedReleases,
  newMeasurements,
  newOverwrites,
  rollbackSeconds,
  secondsBetween,
} from './rollout-events.ts';

const T = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 10) + seconds * 1000).toISOString();
const status = (fields: Partial<RolloutStatus>): RolloutStatus => ({ ...RolloutStatus.parse({}), ...fields });

const entry = (revision: string, finishedAt: string): HistoryEntry => ({
  revision,
  outcome: 'Promoted',
  reason: 'Succeeded',
  message: 'm',
  finishedAt,
});

describe('endedReleases', () => {
  it.each([
    ['nothing new', [entry('a', T(1))], [entry('a', T(1))], []],
    ['one more', [entry('a', T(1))], [entry('b', T(2)), entry('a', T(1))], ['b']],
    ['two more, oldest first', undefined, [entry('b', T(2)), entry('a', T(1))], ['a', 'b']],
    ['the same revision again', [entry('a', T(1))], [entry('a', T(5)), entry('a', T(1))], ['a']],
    [
      'an old one pushed out',
      [entry('b', T(2)), entry('a', T(1))],
      [entry('c', T(3)), entry('b', T(2))],
      ['c'],
    ],
    ['no history', [entry('a', T(1))], undefined, []],
  ])('%s', (_, before, after, ended) => {
    const found = endedReleases(
      before && status({ history: before }),
      status(after ? { history: after } : {}),
    );
    expect(found.map(({ revision }) => revision)).toEqual(ended);
  });
});

describe('newMeasurements', () => {
  const good = (at: number): SampleStatus => ({ at: T(at), value: 1, good: true });
  const bad = (at: number): SampleStatus => ({ at: T(at), value: 0, good: false });
  const none = (at: number): SampleStatus => ({ at: T(at), noData: 'Empty' });
  const run = (
    samples: SampleStatus[],
    more: { startedAt?: string; revision?: string; name?: string } = {},
  ) => ({
    startedAt: more.startedAt ?? T(0),
    revision: more.revision ?? 'r1',
    checks: [
      { name: more.name ?? 'errors', query: 'q', verdict: 'Running' as const, good: 0, bad: 0, samples },
    ],
  });

  it.each([
    { title: 'the first of a run', before: undefined, after: run([good(1)]), verdicts: ['good'] },
    { title: 'one more', before: run([good(1)]), after: run([good(1), bad(2)]), verdicts: ['bad'] },
    { title: 'several more', before: run([]), after: run([good(1), none(2)]), verdicts: ['good', 'no-data'] },
    { title: 'none', before: run([good(1)]), after: run([good(1)]), verdicts: [] },
    {
      title: 'old ones pushed out',
      before: run([good(1), good(2)]),
      after: run([good(2), bad(3)]),
      verdicts: ['bad'],
    },
    {
      title: 'a new run with the same check',
      before: run([good(1)]),
      after: run([bad(2)], { startedAt: T(2) }),
      verdicts: ['bad'],
    },
    {
      title: 'the same moment for another revision',
      before: run([good(1)]),
      after: run([bad(1)], { revision: 'r2' }),
      verdicts: ['bad'],
    },
    {
      title: 'another check',
      before: run([good(1)]),
      after: run([bad(1)], { name: 'latency' }),
      verdicts: ['bad'],
    },
    { title: 'a run that ended', before: run([good(1)]), after: undefined, verdicts: [] },
  ])('$title', ({ before, after, verdicts }) => {
    for (const place of ['step', 'background'] as const) {
      const found = newMeasurements(
        before && status({ analysis: { [place]: before } }),
        status(after ? { analysis: { [place]: after } } : {}),
      );
      expect(found.map(({ verdict }) => verdict)).toEqual(verdicts);
    }
  });
});

describe('newOverwrites', () => {
  const fight = (count: number, at: number, manager?: string) => ({
    count,
    at: T(at),
    ...(manager ? { manager } : {}),
  });

  interface Row {
    readonly title: string;
    readonly before: RolloutStatus['fights'];
    readonly after: RolloutStatus['fights'];
    readonly found: readonly unknown[];
  }

  it.each<Row>([
    {
      title: 'the first',
      before: undefined,
      after: { weight: fight(1, 1, 'kubectl') },
      found: [['kubectl', 1]],
    },
    {
      title: 'one more of two',
      before: { weight: fight(1, 1, 'kubectl'), selector: fight(1, 1, 'helm') },
      after: { weight: fight(2, 2, 'kubectl'), selector: fight(1, 1, 'helm') },
      found: [['kubectl', 1]],
    },
    {
      title: 'two at once',
      before: { weight: fight(1, 1) },
      after: { weight: fight(3, 3) },
      found: [['unknown', 2]],
    },
    {
      title: 'a new count after a quiet time',
      before: { weight: fight(3, 1) },
      after: { weight: fight(1, 900) },
      found: [['unknown', 1]],
    },
    { title: 'none', before: { weight: fight(1, 1) }, after: { weight: fight(1, 1) }, found: [] },
    {
      title: 'a field of an inherited name',
      before: {},
      after: { constructor: fight(1, 1, 'x') },
      found: [['x', 1]],
    },
  ])('$title', ({ before, after, found }) => {
    const fights = newOverwrites(before && status({ fights: before }), status({ fights: after }));
    expect(fights.map(({ manager, count }) => [manager, count])).toEqual(found);
  });
});

describe('endedPause', () => {
  const paused = (since: number, by: 'Step' | 'User' = 'Step') => status({ pause: { by, since: T(since) } });

  it.each([
    ['over', paused(0), status({}), { by: 'Step', seconds: 60 }],
    ['followed by another', paused(0), paused(30, 'User'), { by: 'Step', seconds: 60 }],
    ['still on', paused(0), paused(0), undefined],
    ['just begun', status({}), paused(0), undefined],
    ['ahead of the clock', paused(90), status({}), { by: 'Step', seconds: 0 }],
    ['without a time', status({ pause: { by: 'Step', since: 'x' } }), status({}), undefined],
  ])('%s', (_, before, after, ended) => {
    expect(endedPause(before, after, Date.parse(T(60)))).toEqual(ended);
  });
});

describe('rollbackSeconds', () => {
  const failed = (restoredAt?: number, at = 10) =>
    status({
      failure: {
        reason: 'AnalysisFailed',
        message: 'm',
        at: T(at),
        ...(restoredAt === undefined ? {} : { restoredAt: T(restoredAt) }),
      },
    });

  it.each([
    ['restored now', failed(), failed(12.1), 2.1],
    ['decided and restored in one', status({}), failed(10), 0],
    ['restored before', failed(12), failed(12), undefined],
    ['another failure restored', failed(12, 10), failed(25, 20), 5],
    ['not restored yet', status({}), failed(), undefined],
    ['no failure', failed(12), status({}), undefined],
  ])('%s', (_, before, after, seconds) => {
    expect(rollbackSeconds(before, after)).toBe(seconds);
  });
});

describe('secondsBetween', () => {
  it.each([
    [T(0), T(1.5), 1.5],
    [T(5), T(0), 0],
    [undefined, T(0), undefined],
    [T(0), 'soon', undefined],
  ])('%s to %s', (from, to, seconds) => {
    expect(secondsBetween(from, to)).toBe(seconds);
  });
});
