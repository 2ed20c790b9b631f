// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { celRules, countPresent, exactlyOneOf, withRules } from './rules.ts';

const Range = withRules(z.object({ from: z.int(), to: z.int(), via: z.int().optional() }), [
  {
    path: ['to'],
    rule: 'self.from <= self.to',
    message: 'to must not be before from',
    holds: ({ from, to }) => from <= to,
  },
  {
    rule: '!has(self.via) || self.via >= self.from',
    message: 'via lies between',
    holds: ({ from, via }) => via === undefined || via >= from,
  },
]);

describe('withRules', () => {
  it.each([
    [{ from: 1, to: 2 }, []],
    [{ from: 2, to: 1 }, ['to: to must not be before from']],
    [{ from: 1, to: 2, via: 0 }, [': via lies between']],
    [{ from: 2, to: 1, via: 0 }, ['to: to must not be before from', ': via lies between']],
  ])('says of %j: %j', (value, errors) => {
    const issues = Range.safeParse(value).error?.issues ?? [];
    expect(issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual(errors);
  });

  it('leaves the rules alone while a type is wrong, as the API server does', () => {
    const issues = Range.safeParse({ from: 'x', to: 1, via: 0 }).error?.issues ?? [];
    expect(issues.map((issue) => issue.path.join('.'))).toEqual(['from']);
  });

  it('carries the rules as CEL that blames the same field', () => {
    expect(Range.meta()).toEqual(
      celRules(
        { rule: 'self.from <= self.to', message: 'to must not be before from', fieldPath: '.to' },
        { rule: '!has(self.via) || self.via >= self.from', message: 'via lies between' },
      ),
    );
  });
});

describe('exactlyOneOf', () => {
  const rule = exactlyOneOf('a', 'b');

  it.each([
    [{}, false],
    [{ a: undefined, b: undefined }, false],
    [{ a: 0 }, true],
    [{ b: '' }, true],
    [{ a: 1, b: null }, false],
  ])('of %j says %p', (value, holds) => {
    expect(rule.holds(value)).toBe(holds);
  });

  it('says the same in CEL, and blames the first', () => {
    expect(rule).toMatchObject({
      path: ['a'],
      rule: 'has(self.a) != has(self.b)',
      message: 'set exactly one of a and b',
    });
  });

  it.each([
    [{}, false],
    [{ c: 0 }, true],
    [{ a: 1, c: 1 }, false],
    [{ a: 1, b: 1, c: 1 }, false],
  ])('of three, %j says %p', (value, holds) => {
    expect(exactlyOneOf('a', 'b', 'c').holds(value)).toBe(holds);
  });

  it('counts more than two in CEL', () => {
    expect(exactlyOneOf('a', 'b', 'c')).toMatchObject({
      path: ['a'],
      rule: '[has(self.a), has(self.b), has(self.c)].filter(x, x).size() == 1',
      message: 'set exactly one of a, b and c',
    });
  });
});

describe('countPresent', () => {
  it.each([
    [{}, 0],
    [{ a: undefined }, 0],
    [{ a: 0 }, 1],
    [{ a: '', b: null, c: 1 }, 2],
  ])('counts a and b in %j', (value, count) => {
    expect(countPresent(value, ['a', 'b'])).toBe(count);
  });
});
