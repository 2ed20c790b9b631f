// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { parseSnapshot } from './snapshot.ts';

const nodeTypes = ['hidden', 'string', 'object', 'synthetic'];
const edgeTypes = ['property', 'element', 'weak'];

interface Made {
  type: string;
  name: string;
  bytes: number;
  edges?: [type: string, name: string, to: number][];
}

/** A snapshot as V8 writes it, of nodes that are named by their place. */
function snapshotOf(made: readonly Made[]): string {
  const strings: string[] = [];
  const text = (value: string): number => {
    if (!strings.includes(value)) strings.push(value);
    return strings.indexOf(value);
  };
  const node_fields = ['type', 'name', 'id', 'self_size', 'edge_count', 'detachedness'];
  const edge_fields = ['type', 'name_or_index', 'to_node'];
  const nodes = made.flatMap(({ type, name, bytes, edges = [] }, id) => [
    nodeTypes.indexOf(type),
    text(name),
    id,
    bytes,
    edges.length,
    0,
  ]);
  const edges = made.flatMap(({ edges: from = [] }) =>
    from.flatMap(([type, name, to]) => [edgeTypes.indexOf(type), text(name), to * node_fields.length]),
  );
  const meta = {
    node_fields,
    node_types: [nodeTypes, 'string', 'number', 'number', 'number', 'number'],
    edge_fields,
    edge_types: [edgeTypes, 'string_or_number', 'node'],
  };
  return JSON.stringify({ snapshot: { meta }, nodes, edges, strings });
}

const heap = parseSnapshot(
  snapshotOf([
    {
      type: 'synthetic',
      name: '',
      bytes: 0,
      edges: [
        ['element', '1', 1],
        ['element', '2', 3],
      ],
    },
    {
      type: 'object',
      name: 'MemoryStore',
      bytes: 100,
      edges: [
        ['property', 'name', 2],
        ['property', 'entries', 4],
        ['property', 'shared', 5],
      ],
    },
    { type: 'string', name: 'pods', bytes: 20 },
    {
      type: 'object',
      name: 'Other',
      bytes: 7,
      edges: [
        ['property', 'shared', 5],
        ['weak', 'entries', 4],
      ],
    },
    { type: 'hidden', name: 'table', bytes: 1_000, edges: [['property', 'back', 1]] },
    { type: 'string', name: 'kept by both', bytes: 300 },
  ]),
);

describe('a heap snapshot', () => {
  it('is summed by type', () => {
    expect(heap.bytes).toBe(1_427);
    expect(Object.fromEntries(heap.bytesByType)).toEqual({
      synthetic: 0,
      object: 107,
      string: 320,
      hidden: 1_000,
    });
  });

  it('knows the objects of a class and the texts of their properties', () => {
    expect(heap.objectsOf('MemoryStore')).toEqual([1]);
    expect(heap.objectsOf('table')).toEqual([]);
    expect(heap.textOf(1, 'name')).toBe('pods');
    expect(heap.textOf(1, 'entries')).toBeUndefined();
    expect(heap.textOf(3, 'name')).toBeUndefined();
  });

  it('tells what only one object holds: not what others hold too, and weak holding is none', () => {
    expect(heap.retainedBy([1])).toBe(1_120);
    expect(heap.retainedBy([3])).toBe(7);
    expect(heap.retainedBy([1, 3])).toBe(1_427);
    expect(heap.retainedBy([])).toBe(0);
  });

  it('refuses a form that it does not know', () => {
    const other = snapshotOf([]).replace('"self_size"', '"weight"');
    expect(() => parseSnapshot(other)).toThrow(
      'the heap snapshot has no field "self_size": type, name, id, weight',
    );
  });
});
