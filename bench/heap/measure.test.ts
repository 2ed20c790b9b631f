// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { anatomyOf, metricOf } from './measure.ts';
import type { Heap } from './snapshot.ts';

const heap: Heap = {
  bytes: 900,
  bytesByType: new Map([
    ['string', 300],
    ['code', 600],
  ]),
  objectsOf: (className) => ({ MemoryStore: [4, 5], Registry: [6], _Registry: [1] })[className] ?? [],
  textOf: (node, property) => (node === 4 && property === 'name' ? 'pods' : undefined),
  retainedBy: (nodes) => nodes.reduce((sum, node) => sum + node * 10, 0),
};

describe('anatomyOf', () => {
  it('names what there is, the largest first', () => {
    expect(anatomyOf(heap)).toEqual({
      heapBytes: 900,
      types: [
        { name: 'code', bytes: 600 },
        { name: 'string', bytes: 300 },
      ],
      holders: [
        { name: 'Registry', bytes: 70 },
        { name: 'MemoryStore ?', bytes: 50 },
        { name: 'MemoryStore pods', bytes: 40 },
        { name: 'LaneQueue', bytes: 0 },
      ],
    });
  });
});

describe('metricOf', () => {
  const text = '# TYPE heap gauge\nheap{space="new"} 3\nheap 1.5e7\nheap_total 4\n';

  it('reads the value without labels', () => {
    expect(metricOf(text, 'heap')).toBe(15_000_000);
  });

  it('says what is missing', () => {
    expect(() => metricOf(text, 'stack')).toThrow('/metrics has no stack');
  });
});
