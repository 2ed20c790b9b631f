// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { managerOf } from './managed-by.ts';

const REPLICAS = ['f:spec', 'f:replicas'];

function entry(manager: string, time: string, more: object = {}) {
  return { manager, time: `2026-11-21T${time}Z`, fieldsV1: { 'f:spec': { 'f:replicas': {} } }, ...more };
}

describe('managerOf', () => {
  it.each([
    ['nobody', undefined, undefined],
    ['no entries', [], undefined],
    ['the only owner', [entry('kubectl', '09:00:00')], 'kubectl'],
    ['the newest of several', [entry('hpa', '10:00:00'), entry('kubectl', '09:00:00')], 'hpa'],
    ['the later of two at the same second', [entry('a', '09:00:00'), entry('b', '09:00:00')], 'b'],
    ['an owner through a subresource', [entry('hpa', '09:00:00', { subresource: 'scale' })], 'hpa'],
    ['not a writer of status', [entry('kubectl', '09:00:00', { subresource: 'status' })], undefined],
    [
      'not an owner of other fields',
      [entry('kubectl', '09:00:00', { fieldsV1: { 'f:spec': { 'f:paused': {} } } })],
      undefined,
    ],
    ['not an entry without fields', [entry('kubectl', '09:00:00', { fieldsV1: undefined })], undefined],
    [
      'an entry without time is the oldest',
      [entry('b', '09:00:00'), entry('a', '', { time: undefined })],
      'b',
    ],
  ])('is %s', (_who, entries, manager) => {
    expect(managerOf(entries as Parameters<typeof managerOf>[0], REPLICAS)).toBe(manager);
  });

  it('does not take what every object inherits for a field', () => {
    expect(managerOf([entry('kubectl', '09:00:00')], ['constructor'])).toBeUndefined();
  });
});
