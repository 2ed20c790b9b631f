// SPDX-License-Identifier: Apache-2.0
// Test support: one source, what became of it, and what was said of its fields.
import { fieldText } from '../lint/problem.ts';
import { readManifests } from '../manifests/manifests.ts';
import { convert, type Converted } from './convert.ts';

export interface Result {
  readonly converted: Converted;
  /** The spec of the first result of a kind. */
  readonly spec: (kind: string) => Record<string, unknown> | undefined;
  /** `kept`, or `dropped: why`: what the report says of a field of the first source. */
  readonly said: (field: string) => string | undefined;
  /** The comments of the first result of a kind. */
  readonly looks: (kind: string) => readonly string[];
}

/** Converts objects that are written as values. */
export function resultOf(...objects: readonly object[]): Result {
  const text = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  const converted = convert(readManifests({ name: 'x', text }).manifests);
  const draftOf = (kind: string) => converted.drafts.find((draft) => draft.kind === kind);
  const first = (objects[0] as { metadata?: { name?: string } }).metadata?.name;
  const book = converted.books.find(({ source }) => source.name === first);
  return {
    converted,
    spec: (kind) => draftOf(kind)?.value['spec'] as Record<string, unknown> | undefined,
    said: (field) => {
      const entry = book?.entries().find(({ path }) => fieldText(path) === field);
      return entry && `${entry.fate}${entry.why === undefined ? '' : `: ${entry.why}`}`;
    },
    looks: (kind) => draftOf(kind)?.looks.map((look) => `${fieldText(look.path)}: ${look.text}`) ?? [],
  };
}
