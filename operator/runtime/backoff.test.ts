// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { backoffMs } from './backoff.ts';

describe('backoffMs', () => {
  it.each([
    [0, 0, 1000],
    [1, 0, 1000],
    [1, 1, 800],
    [2, 0.5, 1800],
    [5, 0, 16_000],
    [6, 0, 30_000],
    [6, 1, 24_000],
    [10_000, 0, 30_000],
  ])('%d failures, random %d: %d ms', (failures, random, expected) => {
    expect(backoffMs(failures, () => random)).toBe(expected);
  });
});
