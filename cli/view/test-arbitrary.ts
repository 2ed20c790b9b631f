// SPDX-License-Identifier: Apache-2.0
// Test support: any status that its schema allows, with texts that others may have written.
import fc from 'fast-check';
import { z } from 'zod';

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | false;
  readonly items?: JsonSchema;
}

/** Any status of a schema: fields that may be absent are, now and then. */
export function statusArbitrary(schema: z.ZodType): fc.Arbitrary<Record<string, unknown>> {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as unknown as JsonSchema;
  return arbitraryOf(json) as fc.Arbitrary<Record<string, unknown>>;
}

const TEXTS = fc.oneof(
  fc.constantFrom(
    '1.5.0',
    'bbb',
    '2026-03-01T14:05:10.000Z',
    '>= 99%',
    '<= 500 ms',
    'answers 200 to 399',
    '',
  ),
  fc.constantFrom('\u001b[2J\u001b[1;1Hgone', 'right \u202e left', 'two\nlines\tand more', '\ud800 alone'),
  fc.constantFrom('错误率太高，已回滚', 'エラー率', '👩‍👩‍👧‍👦 🇩🇪 1️⃣ é', '한국어 문장입니다'),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constant('a-very-long-name-'.repeat(20)),
  fc.lorem({ maxCount: 40 }),
);

function arbitraryOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return objectOf(schema);
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}), { maxLength: 4 });
    case 'string':
      return TEXTS;
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.oneof(fc.integer({ min: -1, max: 110 }), fc.maxSafeInteger());
    case 'number':
      return fc.oneof(fc.double({ noNaN: true, min: 0, max: 1000 }), fc.double({ noNaN: true }));
    case undefined:
    default:
      throw new Error(`a schema of type ${schema.type} is new here: say what its values are`);
  }
}

function objectOf({
  properties = {},
  required = [],
  additionalProperties,
}: JsonSchema): fc.Arbitrary<unknown> {
  if (additionalProperties) return fc.dictionary(TEXTS, arbitraryOf(additionalProperties), { maxKeys: 3 });
  const parts = Object.fromEntries(
    Object.entries(properties).map(([name, part]) => [name, arbitraryOf(part)]),
  );
  return fc.record(parts, { requiredKeys: required.filter((name) => name !== 'observedGeneration') });
}
