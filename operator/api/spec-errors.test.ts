// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { describeSpecErrors } from './spec-errors.ts';

const Spec = z.object({
  name: z.string().max(70),
  on: z.boolean().optional(),
  size: z.int().min(1).max(9).optional(),
  list: z
    .array(z.object({ a: z.number() }))
    .min(1)
    .optional(),
  share: z.number().gt(0).lt(1).optional(),
  mode: z.enum(['A', 'B']).optional(),
});

function linesOf(spec: unknown): string[] {
  const { error } = Spec.safeParse(spec);
  return error ? describeSpecErrors(error, spec) : [];
}

describe('describeSpecErrors', () => {
  it.each<[string, unknown, string[]]>([
    ['a missing field', {}, ['spec.name: is required']],
    ['a wrong type', { name: 1 }, ['spec.name: 1: must be a string']],
    ['a wrong type with a vowel', { name: 'x', list: 'y' }, ['spec.list: "y": must be an array']],
    ['an object for a scalar', { name: { a: 1 } }, ['spec.name: must be a string']],
    ['null', { name: null }, ['spec.name: null: must be a string']],
    ['a fraction', { name: 'x', size: 1.5 }, ['spec.size: 1.5: must be an integer']],
    ['an open bound above', { name: 'x', share: 1 }, ['spec.share: 1: must be less than 1']],
    ['an open bound below', { name: 'x', share: 0 }, ['spec.share: 0: must be more than 0']],
    ['a field in a list', { name: 'x', list: [{ a: 1 }, {}] }, ['spec.list[1].a: is required']],
    ['an empty list', { name: 'x', list: [] }, ['spec.list: must have at least 1 items']],
    ['an unknown word', { name: 'x', mode: 'C' }, ['spec.mode: "C": must be one of "A", "B"']],
    ['no object at all', 'x', ['spec: "x": must be an object']],
    [
      'a long value, cut',
      { name: 'n'.repeat(71) },
      [`spec.name: "${'n'.repeat(59)}...: must have at most 70 characters`],
    ],
    [
      'everything at once',
      { name: false, on: 'yes', size: 10 },
      [
        'spec.name: false: must be a string',
        'spec.on: "yes": must be a boolean',
        'spec.size: 10: must be at most 9',
      ],
    ],
  ])('%s', (_, spec, lines) => {
    expect(linesOf(spec)).toEqual(lines);
  });

  it('looks no value up on the prototype', () => {
    const Proto = z.object({ constructor: z.string() });
    const { error } = Proto.safeParse({});
    expect(error && describeSpecErrors(error, {})).toEqual(['spec.constructor: is required']);
  });
});
