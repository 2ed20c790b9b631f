// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { Condition } from '../../api/conditions.ts';
import {
  type DesiredCondition,
  failureConditions,
  getCondition,
  isTrue,
  MAX_MESSAGE_CHARS,
  removeCondition,
  replaceConditions,
  setCondition,
} from './conditions.ts';

const EARLIER = '2026-01-01T00:00:00.000Z';
const NOW = '2026-01-01T00:05:00.000Z';
const stamp = { generation: 7, now: NOW };

function desired(type: string, status: DesiredCondition['status'] = 'True', message = 'm'): DesiredCondition {
  return { type, status, reason: 'Because', message };
}

function held(type: string, status: Condition['status'] = 'True'): Condition {
  const since = { lastTransitionTime: EARLIER, observedGeneration: 6 };
  return { type, status, reason: 'Before', message: 'before', ...since };
}

describe('setCondition', () => {
  it.each([
    ['new', [], NOW],
    ['same status, other reason and message', [held('Ready', 'True')], EARLIER],
    ['status flips', [held('Ready', 'False')], NOW],
    ['status becomes known', [held('Ready', 'Unknown')], NOW],
  ])('%s', (_, conditions, since) => {
    expect(setCondition(conditions, desired('Ready'), stamp)).toEqual([
      { ...desired('Ready'), lastTransitionTime: since, observedGeneration: 7 },
    ]);
  });

  it('keeps the others and sorts by type', () => {
    const before = [held('Stalled'), held('Paused')];

    const after = setCondition(before, desired('Ready'), stamp);

    expect(after.map(({ type }) => type)).toEqual(['Paused', 'Ready', 'Stalled']);
    expect(getCondition(after, 'Paused')).toEqual(held('Paused'));
    expect(before).toEqual([held('Stalled'), held('Paused')]);
  });

  it.each([
    ['exactly the limit', 'x'.repeat(MAX_MESSAGE_CHARS), MAX_MESSAGE_CHARS],
    ['longer', 'x'.repeat(MAX_MESSAGE_CHARS + 1), MAX_MESSAGE_CHARS],
    ['a pair across the limit', `${'x'.repeat(MAX_MESSAGE_CHARS - 1)}😀`, MAX_MESSAGE_CHARS - 1],
  ])('cuts the message: %s', (_, message, length) => {
    const [condition] = setCondition([], desired('Ready', 'True', message), stamp);

    expect(condition?.message).toHaveLength(length);
    expect(condition?.message.isWellFormed()).toBe(true);
  });
});

describe('reading', () => {
  it.each([
    [[held('Ready', 'True')], true],
    [[held('Ready', 'False')], false],
    [[held('Ready', 'Unknown')], false],
    [[], false],
  ])('isTrue %#', (conditions, expected) => {
    expect(isTrue(conditions, 'Ready')).toBe(expected);
  });

  it('removes by type', () => {
    expect(removeCondition([held('A'), held('B')], 'A')).toEqual([held('B')]);
  });
});

describe('replaceConditions', () => {
  it('leaves exactly the wanted ones, with the times of those that are held', () => {
    const before = [held('Ready', 'False'), held('Reconciling'), held('Paused')];
    const wanted = [desired('Ready', 'False'), desired('Stalled'), desired('RolledBack')];

    const after = replaceConditions(before, wanted, stamp);

    expect(after.map(({ type, lastTransitionTime }) => [type, lastTransitionTime])).toEqual([
      ['Ready', EARLIER],
      ['RolledBack', NOW],
      ['Stalled', NOW],
    ]);
  });

  it('is stable: the same again changes nothing', () => {
    const wanted = [desired('Reconciling'), desired('Ready', 'False')];
    const once = replaceConditions([], wanted, stamp);

    expect(replaceConditions(once, wanted, { generation: 7, now: '2027-01-01T00:00:00.000Z' })).toEqual(once);
  });
});

describe('failureConditions', () => {
  const failure = { reason: 'InvalidSpec', message: 'spec.steps: is required' };

  it.each([
    [true, ['Paused', 'Ready', 'Stalled']],
    [false, ['Paused', 'Ready', 'Reconciling']],
  ])('needsPerson %s', (needsPerson, types) => {
    const before = [held('Paused'), held('Ready'), held('Reconciling'), held('Stalled')];

    const after = failureConditions(before, { ...failure, needsPerson }, stamp);

    expect(after.map(({ type }) => type)).toEqual(types);
    expect(getCondition(after, 'Ready')).toMatchObject({
      ...failure,
      status: 'False',
      lastTransitionTime: NOW,
    });
    expect(getCondition(after, 'Paused')).toEqual(held('Paused'));
  });
});
