// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { compileCondition } from './condition.ts';

function answer(text: string, result: number): unknown {
  const compiled = compileCondition(text);
  if (compiled.kind === 'invalid') return compiled.problem;
  const said = compiled.holds(result);
  return 'error' in said ? said.error : said.holds;
}

describe('compileCondition', () => {
  it.each<[string, number, boolean]>([
    ['result >= 0.95 && result <= 1.0', 0.95, true],
    ['result >= 0.95 && result <= 1.0', 0.9499, false],
    ['result > 5', 5.1, true],
    ['result == 5', 5, true],
    ['result in [1.0, 2.0]', 2, true],
    ['result * 2.0 + 1.0 < 5.0', 2, false],
    ['result > 0.0 ? true : false', -1, false],
    ['int(result) % 2 == 0', 4, true],
    ['!(result < 1.0)', 1, true],
  ])('%j of %d is %s', (text, result, holds) => {
    expect(answer(text, result)).toBe(holds);
  });

  it.each([
    ['result >', 'is not CEL: <input>:1:8: found > but expecting end of input'],
    ['foo > 1', 'knows only "result", not "foo"'],
    ['result', 'must be true or false, not a value of another type'],
    ['"good"', 'must be true or false, not a value of another type'],
    ['result > 0.0 ? true : result', 'must be true or false, not a value of another type'],
    [
      'result + 1 > 2',
      `found no matching overload for '_+_' applied to '(double, int)'; "result" is a double: write 2.0 instead of 2`,
    ],
    ['isNaN(result)', 'unbound function: isNaN'],
    ['[1, 2].all(x, x > result)', 'must not loop (all, exists, exists_one, map, filter)'],
    ['1 in [result].map(x, x)', 'must not loop (all, exists, exists_one, map, filter)'],
    ['has(result.x)', 'may use numbers, "result", operators, functions and lists only'],
    ['{"a": 1}["a"] > result', 'may use numbers, "result", operators, functions and lists only'],
  ])('refuses %j', (text, problem) => {
    expect(answer(text, 1)).toBe(problem);
  });

  it('answers with an error where only this number is the trouble', () => {
    const text = '1 / int(result) > 0';
    expect(answer(text, 1)).toBe(true);
    expect(answer(text, 0)).toBe('int divide by zero');
  });

  it('survives a text that is nested as deeply as it may be long', () => {
    const text = `${'('.repeat(500)}result > 1.0${')'.repeat(500)}`;
    expect(compileCondition(text).kind).toMatch(/^(condition|invalid)$/);
  });

  it('compiles a text once, and forgets the oldest of many', () => {
    const first = compileCondition('result > 0.125');
    expect(compileCondition('result > 0.125')).toBe(first);
    for (let i = 0; i < 300; i += 1) compileCondition(`result > ${i}.5`);
    expect(compileCondition('result > 0.125')).not.toBe(first);
    expect(compileCondition('result > 299.5')).toBe(compileCondition('result > 299.5'));
  });
});
