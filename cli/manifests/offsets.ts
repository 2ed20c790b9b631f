// SPDX-License-Identifier: Apache-2.0
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Pair, type ParsedNode } from 'yaml';

export type Path = readonly PropertyKey[];

/**
 * Where in the text a field begins: at its key, or an item of a list at itself. Of what is not there, the innermost
 * thing around it that is.
 */
export function offsetOf(document: Document.Parsed<ParsedNode>, path: Path): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? document.range[0];
  for (const part of path) {
    const next = childOf(isAlias(node) ? node.resolve(document) : node, part);
    if (!next) break;
    node = next.node;
    offset = next.offset ?? offset;
  }
  return offset;
}

function childOf(
  node: unknown,
  part: PropertyKey,
): { node: unknown; offset: number | undefined } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => keyText(key) === String(part));
    return pair && { node: pair.value, offset: keyStart(pair) };
  }
  if (!isSeq(node) || typeof part !== 'number' || part >= node.items.length) return undefined;
  const item = node.items[part];
  return { node: item, offset: startOf(item) };
}

function keyText(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function keyStart({ key }: Pair): number | undefined {
  return startOf(key);
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
