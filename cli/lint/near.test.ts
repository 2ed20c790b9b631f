// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { hintOf, nearest } from './near.ts';

describe('nearest', () => {
  const fields = ['setWeight', 'replicas', 'pause', 'analysis'];

  it.each<[string, string | undefined]>([
    ['setWieght', 'setWeight'],
    ['setweight', 'setWeight'],
    ['replica', 'replicas'],
    ['pauze', 'pause'],
    ['experiment', undefined],
    ['x', undefined],
  ])('of %s is %s', (name, expected) => {
    expect(nearest(name, fields)).toBe(expected);
  });
});

describe('hintOf', () => {
  it.each<[string, string[], string]>([
    ['pauze', ['pause', 'analysis'], 'did you mean pause?'],
    ['else', ['pause', 'analysis'], 'there are pause, analysis'],
    ['else', ['pause'], 'there is pause'],
    ['else', [], 'there are none'],
  ])('%s among %j: %s', (name, known, hint) => {
    expect(hintOf(name, known)).toBe(hint);
  });
});
