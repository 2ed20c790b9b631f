// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileCondition } from '../../../operator/engine/analysis/condition.ts';
import { lineOf } from './condition.ts';

const HOLDS = 'an answer without data holds the release here, and is no success';
const NO_FAILURE = 'an answer without data holds the release here, and is no failure';

describe('lineOf', () => {
  it.each<[string, object]>([
    ['result[0] >= 0.95', { min: 0.95 }],
    ['result[0] <= 5', { max: 5 }],
    ['result >= 0.95', { min: 0.95 }],
    ['0.95 <= result[0]', { min: 0.95 }],
    ['1e3 >= result[0]', { max: 1000 }],
    ['result[0] > 0.95', { successCondition: 'result > 0.95' }],
    ['result[0] < 5', { successCondition: 'result < 5.0' }],
    ['5 > result[0]', { successCondition: 'result < 5.0' }],
    ['result[0] == 0', { successCondition: 'result == 0.0' }],
    ['result[0] < -1', { successCondition: 'result < -1.0' }],
    ['result[0] >= 0.5 && result[0] <= 1', { successCondition: 'result >= 0.5 && result <= 1.0' }],
    ['result[0] < 5 and result[0] >= 0', { successCondition: 'result < 5.0 && result >= 0.0' }],
    ['not (result[0] > 5)', { successCondition: '!(result > 5.0)' }],
    ['result[0] * 100 < 5', { successCondition: 'result * 100.0 < 5.0' }],
  ])('success %s', (condition, fields) => {
    expect(lineOf(condition, undefined)).toEqual({ kind: 'line', fields });
  });

  it.each<[string, object, string]>([
    ['len(result) == 0 || result[0] >= 0.95', { min: 0.95 }, HOLDS],
    ['isNaN(result[0]) || result[0] >= 0.95', { min: 0.95 }, HOLDS],
    ['result[0] >= 0.95 or isNaN(result[0])', { min: 0.95 }, HOLDS],
    ['result == nil || result < 5', { successCondition: 'result < 5.0' }, HOLDS],
    ['len(result) > 0 && result[0] >= 0.95', { min: 0.95 }, NO_FAILURE],
    ['!isNaN(result[0]) and result[0] < 5', { successCondition: 'result < 5.0' }, NO_FAILURE],
  ])('without data: %s', (condition, fields, note) => {
    expect(lineOf(condition, undefined)).toEqual({ kind: 'line', fields, note });
  });

  it.each<[string, object]>([
    ['result[0] > 0.5', { max: 0.5 }],
    ['result[0] < 0.95', { min: 0.95 }],
    ['result[0] >= 5', { successCondition: 'result < 5.0' }],
    ['result[0] <= 5', { successCondition: 'result > 5.0' }],
    ['result[0] != 1', { successCondition: 'result == 1.0' }],
    ['result[0] < 0 || result[0] > 5', { successCondition: '!(result < 0.0 || result > 5.0)' }],
  ])('failure %s, turned round', (condition, fields) => {
    expect(lineOf(undefined, condition)).toEqual({ kind: 'line', fields });
  });

  it('looks at success alone where there are both', () => {
    expect(lineOf('result[0] >= 2', 'result[0] < 1')).toEqual({ kind: 'line', fields: { min: 2 } });
  });

  it.each([
    ['default(result[0], 0) < 5'],
    ["result == 'true'"],
    ['all(result, # < 100)'],
    ['result.successPercent >= 99'],
    ['result[1] > 3'],
    ['{{args.limit}} > result[0]'],
    [''],
  ])('does not guess: %s', (condition) => {
    expect(lineOf(condition, undefined)).toMatchObject({ kind: 'problem' });
  });

  it('has nothing to say without a condition', () => {
    expect(lineOf(undefined, undefined)).toEqual({
      kind: 'problem',
      problem: 'it has no condition that says what is good',
    });
  });

  it('means the same for every number', () => {
    const operators = fc.constantFrom('>=', '<=', '>', '<', '==', '!=');
    const numbers = fc.integer({ min: -20, max: 20 }).map((number) => number / 4);
    fc.assert(
      fc.property(operators, numbers, numbers, fc.boolean(), (operator, bound, result, isFailure) => {
        const condition = `result[0] ${operator} ${bound}`;
        const made = isFailure ? lineOf(undefined, condition) : lineOf(condition, undefined);
        const holds = {
          '>=': result >= bound,
          '<=': result <= bound,
          '>': result > bound,
          '<': result < bound,
          '==': result === bound,
          '!=': result !== bound,
        }[operator];
        expect(`${condition}: ${isGood(made, result)}`).toBe(`${condition}: ${isFailure ? !holds : holds}`);
      }),
    );
  });
});

function isGood(made: ReturnType<typeof lineOf>, result: number): boolean {
  if (made.kind === 'problem') throw new Error(made.problem);
  const { min = -Infinity, max = Infinity, successCondition } = made.fields;
  if (successCondition === undefined) return result >= min && result <= max;
  const compiled = compileCondition(successCondition);
  if (compiled.kind === 'invalid') throw new Error(compiled.problem);
  const answer = compiled.holds(result);
  return 'holds' in answer && answer.holds;
}
