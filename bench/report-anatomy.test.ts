// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { renderAnatomy } from './report-anatomy.ts';
import type { Anatomy, ApiResults, Circumstances } from './results.ts';

const MIB = 2 ** 20;
const circumstances = { measuredAt: '2026-01-02T03:04:05.000Z', loadBefore: 0 } as Circumstances;
const anatomy: Anatomy = {
  objects: 1_000,
  resident: {
    program: 40 * MIB,
    libraries: 2 * MIB,
    malloc: 8 * MIB,
    anonymous: 50 * MIB,
    heapCommitted: 35 * MIB,
  },
  heapBytes: 30 * MIB,
  types: [
    { name: 'string', bytes: 15 * MIB },
    { name: 'code', bytes: 14.9 * MIB },
    { name: 'symbol', bytes: 0.1 * MIB },
  ],
  holders: [
    { name: 'MemoryStore canaries', bytes: 3 * MIB },
    { name: 'Registry', bytes: 1.5 * MIB },
  ],
};

function cellsOf(results: Anatomy | undefined, start: string): string[] {
  const api = { circumstances, results: (results ? { anatomy: results } : {}) as ApiResults };
  const line = renderAnatomy({ api })
    .split('\n')
    .find((one) => one.startsWith(`| ${start}`));
  return (line ?? '')
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
}

describe('renderAnatomy', () => {
  it('says so where nothing was measured', () => {
    expect(renderAnatomy({})).toBe('Nothing has been measured yet.\n');
    expect(cellsOf(undefined, 'together')).toEqual([]);
  });

  it.each([
    ["Node's program file", ['40.0', 'shared by all processes of it on a machine']],
    ["V8's heap", ['35.0', 'what is alive, and room for what is not collected yet']],
    ["V8's code and tables", ['15.0', '']],
    ['together', ['100.0', '']],
    ['store of canaries', ['3.0', '3.1']],
    ['metrics of the operator', ['1.5', '1.6']],
    ['the program itself', ['25.5', '']],
    ['string', ['15.0', '50 %']],
    ['all that is alive', ['30.0', '']],
    ['symbol', []],
  ])('has a row %s', (start, cells) => {
    expect(cellsOf(anatomy, start)).toEqual(cells);
  });
});
