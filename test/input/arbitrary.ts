// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import type { StructuralSchema } from '../../operator/crd/structural.ts';
import { isText, SAMPLES } from './values.ts';

/** Longer lists say nothing more, and would seldom keep the rules over their items. */
const MAX_ITEMS = 4;

/**
 * Values that keep the schema field by field: every field there or not, numbers at and between their bounds, lists
 * from their shortest, every sample that a pattern takes. Rules over several fields are not kept; the caller drops
 * what breaks one.
 */
export function arbitraryOf(schema: StructuralSchema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return objectOf(schema);
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}), lengthsOf(schema));
    case 'string':
      return textOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return numberOf(schema);
    case undefined:
    default:
      throw new Error(`a schema of type ${schema.type} is new here: say what its values are`);
  }
}

function objectOf(schema: StructuralSchema): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  if (additionalProperties)
    return fc.dictionary(
      fc.constantFrom('key', 'x-canary', 'constructor'),
      arbitraryOf(additionalProperties),
      {
        minKeys: schema.minProperties ?? 0,
        maxKeys: 2,
      },
    );
  const parts = Object.entries(properties).map(([name, part]): [string, fc.Arbitrary<unknown>] => [
    name,
    required.includes(name) ? arbitraryOf(part) : sometimes(arbitraryOf(part)),
  ]);
  return fc
    .record(Object.fromEntries(parts))
    .map((whole) => Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)));
}

function sometimes(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.option(value, { nil: undefined, freq: 2 });
}

function lengthsOf({ minItems = 0, maxItems = MAX_ITEMS }: StructuralSchema) {
  return { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, MAX_ITEMS)) };
}

function textOf(schema: StructuralSchema): fc.Arbitrary<string> {
  const fitting = SAMPLES.filter((sample) => isText(schema, sample));
  if (fitting.length === 0)
    throw new Error(`no sample fits the pattern ${schema.pattern}; add one to SAMPLES`);
  return fc.constantFrom(...fitting);
}

function numberOf(schema: StructuralSchema): fc.Arbitrary<number> {
  const { type, minimum = 0, maximum = minimum + 100, exclusiveMinimum, exclusiveMaximum } = schema;
  const min = exclusiveMinimum ? minimum + 1 : minimum;
  const max = exclusiveMaximum ? maximum - 1 : maximum;
  const between = type === 'integer' ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true });
  return fc.oneof(fc.constantFrom(min, max), between);
}
