// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { waveOf } from './wave.ts';

describe('waveOf', () => {
  it('counts from the first change to the last of the first writes', () => {
    const reaction = { verb: 'create', resource: 'deployments' };
    const reactions = [
      { ...reaction, changedMs: 1_200, writtenMs: 1_900 },
      { ...reaction, changedMs: 1_000, writtenMs: 1_010 },
      { ...reaction, changedMs: 1_500, writtenMs: 1_550 },
    ];
    expect(waveOf(reactions)).toEqual({
      changes: 3,
      changedMs: 500,
      lastFirstWriteMs: 900,
      each: { count: 3, p50: 50, p99: 700, max: 700 },
    });
  });
});
