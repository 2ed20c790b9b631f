// SPDX-License-Identifier: Apache-2.0
import { type Document, LineCounter, type ParsedNode, parseAllDocuments } from 'yaml';
import { errorText } from './errors.ts';
import { offsetOf, type Path } from './offsets.ts';
import type { Source } from './sources.ts';
import { KUBERNETES_YAML } from './yaml-1.1.ts';

/** A place in a file; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type Json = Readonly<Record<string, unknown>>;

/** An object of the Kubernetes API as it was written. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  /** '' where there is none. */
  readonly name: string;
  /** '' where there is none: the namespace that kubectl is set to. */
  readonly namespace: string;
  readonly value: Json;
  /** Where a field stands; of one that is missing, the innermost object around it that is there. */
  at(path: Path): Position;
}

/** What is wrong with the text itself, whatever it says. */
export interface TextProblem {
  readonly at: Position;
  readonly message: string;
}

export interface Manifests {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly TextProblem[];
}

type Parsed = Document.Parsed<ParsedNode>;

/** Errors after which the values can be trusted all the same. */
const HARMLESS = ['DUPLICATE_KEY'];

/** More would be a text that grows without end. */
const MOST_ALIASES = 1000;

/** Every object in the text of a file, those in a List too, and every problem of the text. */
export function readManifests({ name: file, text }: Source): Manifests {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { ...KUBERNETES_YAML, lineCounter: lines });
  const manifests: Manifest[] = [];
  const problems: TextProblem[] = [];
  for (const document of 'empty' in documents ? [] : documents) {
    const position = (offset: number): Position => {
      const { line, col } = lines.linePos(offset);
      return { file, line, column: col };
    };
    const errors = [...document.errors, ...document.warnings];
    problems.push(
      ...errors.map((error) => ({ at: position(error.pos[0]), message: errorText(error, text) })),
    );
    if (errors.some(({ code }) => !HARMLESS.includes(code))) continue;
    const found = objectsIn(document, position);
    manifests.push(...found.manifests);
    problems.push(...found.problems);
  }
  return { manifests, problems };
}

/** The same for several files. */
export function readAllManifests(sources: readonly Source[]): Manifests {
  return merged(sources.map(readManifests));
}

function merged(all: readonly Manifests[]): Manifests {
  return {
    manifests: all.flatMap(({ manifests }) => manifests),
    problems: all.flatMap(({ problems }) => problems),
  };
}

/** How many objects there are of each kind, in the order of the first ones. */
export function countKinds(manifests: readonly Manifest[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { kind } of manifests) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

function objectsIn(document: Parsed, position: (offset: number) => Position): Manifests {
  const start = position(offsetOf(document, []));
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return bad(start, `is not YAML: ${error.message}; write the value out`);
  }
  if (value === null) return { manifests: [], problems: [] };
  return manifestsOf(value, [], (path) => position(offsetOf(document, path)));
}

function bad(at: Position, message: string): Manifests {
  return { manifests: [], problems: [{ at, message }] };
}

function manifestsOf(value: unknown, base: Path, at: (path: Path) => Position): Manifests {
  if (!isJson(value)) return bad(at(base), 'is no manifest: an object with apiVersion and kind is needed');
  const missing = ['apiVersion', 'kind'].filter((field) => typeof value[field] !== 'string');
  if (missing.length > 0)
    return bad(at(base), `is no manifest: ${missing.join(' and ')} must be set, as text`);
  const { kind, items } = value;
  if (String(kind).endsWith('List') && Array.isArray(items)) {
    return merged(items.map((item, index) => manifestsOf(item, [...base, 'items', index], at)));
  }
  return { manifests: [manifestOf(value, base, at)], problems: [] };
}

function manifestOf(value: Json, base: Path, at: (path: Path) => Position): Manifest {
  const metadata = isJson(value['metadata']) ? value['metadata'] : {};
  return {
    apiVersion: String(value['apiVersion']),
    kind: String(value['kind']),
    name: textOf(metadata['name']),
    namespace: textOf(metadata['namespace']),
    value,
    at: (path) => at([...base, ...path]),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
