// SPDX-License-Identifier: Apache-2.0
import type { StructuralSchema } from '../../operator/crd/structural.ts';
import { isJson, type Manifest } from '../manifests/manifests.ts';
import type { Path } from '../manifests/offsets.ts';
import { hintOf } from './near.ts';
import { type Problem, problemAt } from './problem.ts';

/** Fields that the CRD does not know: the API server drops them, or refuses them where it is asked to be strict. */
export function unknownFields(
  manifest: Manifest,
  { value, schema, path }: { value: unknown; schema: StructuralSchema; path: Path },
): Problem[] {
  const { properties, additionalProperties, items } = schema;
  if (Array.isArray(value) && items) {
    return value.flatMap((item, index) =>
      unknownFields(manifest, { value: item, schema: items, path: [...path, index] }),
    );
  }
  if (!isJson(value)) return [];
  return Object.entries(value).flatMap(([name, field]) => {
    const known =
      additionalProperties ?? (properties && Object.hasOwn(properties, name) ? properties[name] : undefined);
    if (known) return unknownFields(manifest, { value: field, schema: known, path: [...path, name] });
    if (!properties) return [];
    return [unknown(manifest, [...path, name], Object.keys(properties))];
  });
}

/** One field that is not among those that there are. */
export function unknown(manifest: Manifest, path: Path, known: readonly string[]): Problem {
  const name = String(path.at(-1));
  return problemAt(manifest, path, { message: `there is no such field; ${hintOf(name, known)}` });
}
