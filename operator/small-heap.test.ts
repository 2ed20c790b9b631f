// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const module = path.join(import.meta.dirname, 'small-heap.ts');

/** Heap in MB of a process that has made 400,000 objects and keeps the newest 20,000, as caches do. */
function heapAfterChurn(first: string): number {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const program = `
    import { preferSmallHeap } from ${JSON.stringify(module)};
    ${first}
    const kept = [];
    for (let i = 0; i < 400_000; i += 1) kept[i % 20_000] = { i, text: String(i).repeat(10), list: [i, i, i, i] };
    console.log(process.memoryUsage().heapTotal / 1e6);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', program], { env }));
}

describe('preferSmallHeap', () => {
  it('keeps the heap of a cache that is written all the time under half of what V8 would take', () => {
    expect(heapAfterChurn('preferSmallHeap();')).toBeLessThan(heapAfterChurn('') / 2);
  });
});
