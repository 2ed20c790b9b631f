// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import {
  formatAgainstLimit,
  formatLimit,
  formatNumber,
  formatShare,
  oneLine,
  type Unit,
  unitOf,
} from './format.ts';
import type { Limit, Reading } from './types.ts';
import { resolvedCheck } from './test-checks.ts';

describe('formatNumber', () => {
  it.each<[number, Unit, number[], string]>([
    [96.2, '%', [99], '96.2%'],
    [96.249, '%', [], '96.2%'],
    [100, '%', [], '100%'],
    [0, '%', [], '0%'],
    [98.98, '%', [99], '98.98%'],
    [98.9999, '%', [99], '98.9999%'],
    [99, '%', [99], '99%'],
    [412.4, ' ms', [], '412 ms'],
    [500.2, ' ms', [500], '500.2 ms'],
    [4.26, ' ms', [], '4.26 ms'],
    [0.12345, '', [], '0.123'],
    [0.000123456, '', [], '0.000123'],
    [1234567.8, '', [], '1234568'],
    [-3.14159, '', [], '-3.14'],
    [0.5, '', [0.5], '0.5'],
    [0.5000001, '', [0.5], '0.5000001'],
    [0.1 + 0.2, '', [0.3], '0.30000000000000004'],
  ])('%d%s beside %j is %s', (value, unit, unlike, text) => {
    expect(formatNumber(value, unit, unlike)).toBe(text);
  });
});

describe('limits', () => {
  it.each<[Limit, Unit, string]>([
    [{ kind: 'bounds', min: 99 }, '%', '>= 99%'],
    [{ kind: 'bounds', max: 500 }, ' ms', '<= 500 ms'],
    [{ kind: 'bounds', min: 0.5, max: 2 }, '', '>= 0.5 and <= 2'],
    [{ kind: 'condition', expression: 'result < 0.9' }, '', '"result < 0.9"'],
  ])('%j%s reads %s', (limit, unit, text) => {
    expect(formatLimit(limit, unit)).toBe(text);
  });

  it.each<[Reading['kind'], Limit, number, boolean, string]>([
    ['request-success-rate', { kind: 'bounds', min: 99 }, 96.21, false, '96.2% < 99%'],
    ['request-success-rate', { kind: 'bounds', min: 99 }, 99.4, true, '99.4% >= 99%'],
    ['request-duration', { kind: 'bounds', max: 500 }, 612.7, false, '613 ms > 500 ms'],
    ['request-duration', { kind: 'bounds', max: 500 }, 412, true, '412 ms <= 500 ms'],
    ['request-duration', { kind: 'bounds', max: 500 }, 500, false, '> 500 ms'],
    ['query', { kind: 'bounds', min: 0.5, max: 2 }, 2.5, false, '2.5 > 2'],
    ['query', { kind: 'bounds', min: 0.5, max: 2 }, 0.25, false, '0.25 < 0.5'],
    ['query', { kind: 'bounds', min: 0.5, max: 2 }, 1, true, '1 >= 0.5 and <= 2'],
    [
      'query',
      { kind: 'condition', expression: 'result < 0.9' },
      0.93,
      false,
      '0.93 does not meet "result < 0.9"',
    ],
    ['query', { kind: 'condition', expression: 'result < 0.9' }, 0.5, true, '0.5 meets "result < 0.9"'],
  ])('%s %j of %d, good: %s, reads %s', (kind, limit, ...[value, isGood, text]) => {
    expect(formatAgainstLimit(resolvedCheck({ kind, limit }), value, isGood)).toBe(text);
  });
});

describe('words', () => {
  it('has units and counts', () => {
    expect(unitOf('query')).toBe('');
    expect([formatShare(3, 5), formatShare(1, 1)]).toEqual(['3 of 5 checks', '1 of 1 check']);
  });

  it('makes one bounded line of anything', () => {
    expect(oneLine('  a\n\tb  ')).toBe('a b');
    expect(oneLine('x'.repeat(500))).toBe(`${'x'.repeat(199)}…`);
  });
});
