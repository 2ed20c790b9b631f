// SPDX-License-Identifier: Apache-2.0
import type { StructuralSchema } from './structural.ts';

/** What may refuse a value. A status is written by operators older and newer than the CRD, so none of it stays. */
export const REFUSING = [
  'enum',
  'pattern',
  'minimum',
  'exclusiveMinimum',
  'maximum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'required',
  'x-kubernetes-validations',
] as const;

/** The same fields and types without bounds, rules and required fields; only the keys of keyed lists stay required. */
export function permissive(schema: StructuralSchema, keys: readonly string[] = []): StructuralSchema {
  const result: StructuralSchema = { ...schema };
  for (const keyword of REFUSING) delete result[keyword];
  if (schema.items) result.items = permissive(schema.items, keysOf(schema));
  if (schema.additionalProperties) result.additionalProperties = permissive(schema.additionalProperties);
  if (schema.properties) {
    const fields = Object.entries(schema.properties);
    result.properties = Object.fromEntries(fields.map(([name, field]) => [name, permissive(field)]));
  }
  if (keys.length > 0) result.required = keys;
  return result;
}

function keysOf(list: StructuralSchema): readonly string[] {
  const keys = list['x-kubernetes-list-map-keys'];
  return Array.isArray(keys) ? (keys as string[]) : [];
}
