// SPDX-License-Identifier: Apache-2.0
import { Document, isMap, isNode, isScalar, isSeq, type Node } from 'yaml';
import { fieldText } from '../lint/problem.ts';
import type { Path } from '../manifests/offsets.ts';

/** A place of a result where a person must look. */
export interface Look {
  readonly path: Path;
  readonly text: string;
}

export interface DraftName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** An object on its way to be written. */
export class Draft {
  readonly value: Record<string, unknown>;
  readonly looks: Look[] = [];
  readonly kind: string;
  readonly name: string;
  /** '' where there is none. */
  readonly namespace: string;

  constructor({ apiVersion, kind, name, namespace }: DraftName) {
    this.kind = kind;
    this.name = name;
    this.namespace = namespace;
    this.value = { apiVersion, kind, metadata: { name, ...(namespace === '' ? {} : { namespace }) } };
  }

  /** Sets a field, makes what is around it, and says where that is: `Canary/web spec.steps[0]`. */
  set(path: Path, value: unknown): string {
    let around: Record<PropertyKey, unknown> = this.value;
    for (const [index, part] of path.slice(0, -1).entries()) {
      around[part] ??= typeof path[index + 1] === 'number' ? [] : {};
      around = around[part] as Record<PropertyKey, unknown>;
    }
    around[path.at(-1) ?? ''] = value;
    return this.place(path);
  }

  get(path: Path): unknown {
    return path.reduce<unknown>(
      (value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part],
      this.value,
    );
  }

  place(path: Path): string {
    return `${this.kind}/${this.name} ${fieldText(path)}`;
  }

  /** A comment that a person must read, before a field; where there is none, before what would hold it. */
  look(path: Path, text: string): void {
    if (!this.looks.some((known) => known.text === text && fieldText(known.path) === fieldText(path))) {
      this.looks.push({ path, text });
    }
  }

  /** As a document of a YAML stream. */
  render(): string {
    const document = new Document(this.value, null, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
    for (const { path, text } of this.looks) commentAt(document, path, text);
    return document.toString({ lineWidth: 0 });
  }
}

const WIDTH = 110;

function commentAt(document: Document, path: Path, text: string): void {
  const node = nodeAt(document, path) ?? document;
  const lines = wrap(`LOOK: ${text}`).map((line) => ` ${line}`);
  node.commentBefore = [...(node.commentBefore ? [node.commentBefore] : []), ...lines].join('\n');
}

/** What a comment stands before: the key of a field, or an item; the innermost one that is there. */
function nodeAt(document: Document, path: Path): Node | undefined {
  let found: Node | undefined;
  let inside: unknown = document.contents;
  for (const part of path) {
    if (isMap(inside)) {
      const pair = inside.items.find(({ key }) => isScalar(key) && key.value === part);
      if (!pair) break;
      if (isNode(pair.key)) found = pair.key;
      inside = pair.value;
    } else if (isSeq(inside) && typeof part === 'number') {
      inside = inside.items[part];
      if (!isNode(inside)) break;
      found = inside;
    } else break;
  }
  return found;
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + word.length + 1 > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
