// SPDX-License-Identifier: Apache-2.0
import type { StructuralSchema } from '../../operator/crd/structural.ts';

/** Texts of every form that a pattern of the schemas asks for; which of them fits is found by trying. */
export const SAMPLES = [
  'shop',
  '30s',
  'shop.example.com',
  '/pay',
  'http://prometheus.monitoring:9090',
  'https://prometheus.example.com/tenant',
  'x-canary',
  'up',
];

/** A text that the schema takes. Throws where no sample does: a new pattern needs a sample of its own. */
export function validText(schema: StructuralSchema): string {
  const fits = SAMPLES.find((sample) => isText(schema, sample));
  if (fits === undefined) throw new Error(`no sample fits the pattern ${schema.pattern}; add one to SAMPLES`);
  return fits;
}

/** Whether a text keeps the pattern and the lengths of its schema. */
export function isText(
  { pattern, minLength = 0, maxLength = Infinity }: StructuralSchema,
  text: string,
): boolean {
  return (
    text.length >= minLength && text.length <= maxLength && (!pattern || new RegExp(pattern, 'u').test(text))
  );
}

/** The least number that the schema takes, and an integer where it must be one. */
export function validNumber({ minimum = 1, exclusiveMinimum }: StructuralSchema): number {
  return exclusiveMinimum ? minimum + 1 : minimum;
}

/**
 * A value with every field of the schema, each within its bounds. Rules over several fields are not kept: fields that
 * exclude each other all stand in it.
 */
export function fullValue(schema: StructuralSchema): unknown {
  if (schema.enum) return schema.enum[0];
  if (schema.type === 'object') return fullObject(schema);
  if (schema.type === 'array') {
    const length = Math.max(1, schema.minItems ?? 0);
    return Array.from({ length }, () => fullValue(schema.items ?? {}));
  }
  if (schema.type === 'string') return validText(schema);
  if (schema.type === 'boolean') return false;
  if (schema.type === 'integer' || schema.type === 'number') return validNumber(schema);
  throw new Error(`a schema of type ${schema.type} is new here: say what its values are`);
}

function fullObject({ properties = {}, additionalProperties }: StructuralSchema): object {
  const named = Object.entries(properties).map(([name, schema]) => [name, fullValue(schema)]);
  const free = additionalProperties ? [['key', fullValue(additionalProperties)]] : [];
  return Object.fromEntries([...named, ...free]);
}
