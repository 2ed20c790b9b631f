// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** The form that V8 writes, as it describes itself: rows of numbers whose fields are named in `meta`. */
const Snapshot = z.looseObject({
  snapshot: z.looseObject({
    meta: z.looseObject({
      node_fields: z.array(z.string()),
      node_types: z.array(z.union([z.string(), z.array(z.string())])),
      edge_fields: z.array(z.string()),
      edge_types: z.array(z.union([z.string(), z.array(z.string())])),
    }),
  }),
});
type Meta = z.infer<typeof Snapshot>['snapshot']['meta'];

/** The objects of a heap and what holds them. A node is its number, 0 the root. */
export interface Heap {
  /** Bytes of each type of V8's own: `string`, `code`, `closure`, ... */
  readonly bytesByType: ReadonlyMap<string, number>;
  readonly bytes: number;
  /** Objects of a class, by its name. */
  objectsOf(className: string): number[];
  /** The text that a property holds; undefined when it holds none. */
  textOf(node: number, property: string): string | undefined;
  /** Bytes that would be free without these nodes: they, and all that is reached through nothing else. */
  retainedBy(nodes: readonly number[]): number;
}

interface Rows {
  nodes: readonly number[];
  edges: readonly number[];
  strings: readonly string[];
}

/** Reads the text of a `.heapsnapshot` file. */
export function parseSnapshot(text: string): Heap {
  const parsed: unknown = JSON.parse(text);
  const { meta } = Snapshot.parse(parsed).snapshot;
  return new Graph(meta, parsed as Rows);
}

class Graph implements Heap {
  readonly bytesByType = new Map<string, number>();
  readonly bytes: number;
  private readonly rows: Rows;
  private readonly count: number;
  private readonly node: { size: number; type: number; name: number; bytes: number; edges: number };
  private readonly edge: { size: number; type: number; name: number; to: number };
  private readonly nodeTypes: readonly string[];
  private readonly edgeTypes: readonly string[];
  /** Where the edges of each node begin, and, one further, end. */
  private readonly firstEdge: Uint32Array;
  private reachable: number | undefined;

  constructor(meta: Meta, rows: Rows) {
    this.rows = rows;
    const [nodeField, edgeField] = [fieldsOf(meta.node_fields), fieldsOf(meta.edge_fields)];
    this.node = {
      size: meta.node_fields.length,
      type: nodeField('type'),
      name: nodeField('name'),
      bytes: nodeField('self_size'),
      edges: nodeField('edge_count'),
    };
    this.edge = {
      size: meta.edge_fields.length,
      type: edgeField('type'),
      name: edgeField('name_or_index'),
      to: edgeField('to_node'),
    };
    this.nodeTypes = z.array(z.string()).parse(meta.node_types[this.node.type]);
    this.edgeTypes = z.array(z.string()).parse(meta.edge_types[this.edge.type]);
    this.count = rows.nodes.length / this.node.size;
    this.firstEdge = new Uint32Array(this.count + 1);
    for (let node = 0; node < this.count; node += 1) {
      const type = this.typeOf(node);
      this.bytesByType.set(type, (this.bytesByType.get(type) ?? 0) + this.bytesOf(node));
      this.firstEdge[node + 1] = (this.firstEdge[node] ?? 0) + this.field(node, this.node.edges);
    }
    this.bytes = [...this.bytesByType.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  objectsOf(className: string): number[] {
    const found: number[] = [];
    for (let node = 0; node < this.count; node += 1) {
      if (this.typeOf(node) === 'object' && this.nameOf(node) === className) found.push(node);
    }
    return found;
  }

  textOf(node: number, property: string): string | undefined {
    for (const { type, name, to } of this.edgesOf(node)) {
      if (type === 'property' && this.rows.strings[name] === property && this.typeOf(to) === 'string')
        return this.nameOf(to);
    }
    return undefined;
  }

  retainedBy(nodes: readonly number[]): number {
    this.reachable ??= this.bytesFromRoot([]);
    return this.reachable - this.bytesFromRoot(nodes);
  }

  /** Bytes of all that is reached from the root by strong edges without passing these nodes. */
  private bytesFromRoot(without: readonly number[]): number {
    const seen = new Uint8Array(this.count);
    for (const node of without) seen[node] = 1;
    seen[0] = 1;
    const open = [0];
    let bytes = 0;
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      bytes += this.bytesOf(node);
      for (const { type, to } of this.edgesOf(node)) {
        if (type === 'weak' || seen[to] === 1) continue;
        seen[to] = 1;
        open.push(to);
      }
    }
    return bytes;
  }

  private *edgesOf(node: number): Generator<{ type: string; name: number; to: number }> {
    const { edges } = this.rows;
    const { size, type, name, to } = this.edge;
    const end = (this.firstEdge[node + 1] ?? 0) * size;
    for (let at = (this.firstEdge[node] ?? 0) * size; at < end; at += size) {
      yield {
        type: this.edgeTypes[edges[at + type] ?? -1] ?? '',
        name: edges[at + name] ?? 0,
        to: (edges[at + to] ?? 0) / this.node.size,
      };
    }
  }

  private field(node: number, field: number): number {
    return this.rows.nodes[node * this.node.size + field] ?? 0;
  }

  private typeOf(node: number): string {
    return this.nodeTypes[this.field(node, this.node.type)] ?? '';
  }

  private nameOf(node: number): string {
    return this.rows.strings[this.field(node, this.node.name)] ?? '';
  }

  private bytesOf(node: number): number {
    return this.field(node, this.node.bytes);
  }
}

function fieldsOf(names: readonly string[]): (name: string) => number {
  return (name) => {
    const at = names.indexOf(name);
    if (at < 0) throw new Error(`the heap snapshot has no field "${name}": ${names.join(', ')}`);
    return at;
  };
}
