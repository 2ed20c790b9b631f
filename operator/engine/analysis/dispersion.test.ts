// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { ArmCounts } from '../../api/evidence-status.ts';
import { dispersionOf, isSteady, withChange } from './dispersion.ts';
import type { Noise } from './count-types.ts';

const SILENT: Noise = { changes: 0, errors: 0 };

function of(errors: number, requests = 1000): ArmCounts {
  return { requests, errors };
}

function noiseOf(...counts: ArmCounts[]): Noise {
  return counts.slice(1).reduce((noise, after, i) => withChange(noise, counts[i] ?? after, after), SILENT);
}

describe('dispersionOf', () => {
  it.each<[string, ArmCounts[], number]>([
    ['nothing seen', [], 1],
    ['no errors', [of(0), of(0), of(0)], 1],
    ['errors that come singly', [of(10), of(13), of(8), of(11), of(9)], 1],
    ['a rate that drifts', [of(100), of(104), of(108), of(112), of(116)], 1],
    ['a rate in traffic that grows', [of(10), of(20, 2000), of(40, 4000)], 1],
    ['a time without requests', [of(10), of(0, 0), of(10)], 1],
    ['bursts', Array.from({ length: 200 }, (_, i) => of(i % 10 === 0 ? 40 : 0)), 60],
  ])('%s', (_, counts, expected) => {
    expect(dispersionOf(noiseOf(...counts))).toBeGreaterThanOrEqual(expected * 0.9);
    expect(dispersionOf(noiseOf(...counts))).toBeLessThanOrEqual(expected * 1.1);
  });

  it('takes more than one burst to be sure', () => {
    expect(dispersionOf(noiseOf(of(0), of(4), of(0)))).toBeLessThan(4);
  });
});

describe('isSteady', () => {
  it.each<[ArmCounts, ArmCounts, number, boolean]>([
    [of(0), of(0), 1, true],
    [of(0), of(10), 1, true],
    [of(0), of(11), 1, false],
    [of(0), of(11), 2, true],
    [of(100), of(140), 1, true],
    [of(100), of(160), 1, false],
    [of(100), of(200, 2000), 1, true],
    [of(50, 0), of(50), 1, true],
  ])('%j and %j with dispersion %d: %s', (before, after, dispersion, steady) => {
    expect(isSteady(before, after, dispersion)).toBe(steady);
    expect(isSteady(after, before, dispersion)).toBe(steady);
  });
});
