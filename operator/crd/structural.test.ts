// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { structuralOf, toStructural } from './structural.ts';

const text = { type: 'string' };

describe('toStructural', () => {
  it.each<[string, z.ZodType, object]>([
    ['text with bounds', z.string().min(1).max(5), { ...text, minLength: 1, maxLength: 5 }],
    ['a pattern', z.string().regex(/^a+$/), { ...text, pattern: '^a+$' }],
    ['an integer without its huge bounds', z.int(), { type: 'integer', format: 'int64' }],
    [
      'an integer with bounds of its own',
      z.int().min(0).max(100),
      { type: 'integer', format: 'int64', minimum: 0, maximum: 100 },
    ],
    ['an integer with one bound', z.int().min(0), { type: 'integer', format: 'int64', minimum: 0 }],
    ['a 32-bit integer', z.int32(), { type: 'integer', format: 'int32' }],
    ['a number', z.number().gt(0), { type: 'number', minimum: 0, exclusiveMinimum: true }],
    ['a boolean with a default', z.boolean().default(false), { type: 'boolean', default: false }],
    ['one word', z.literal('A'), { ...text, enum: ['A'] }],
    ['words', z.enum(['A', 'B']), { ...text, enum: ['A', 'B'] }],
    ['a nullable field', z.string().nullable(), { ...text, nullable: true }],
    ['a date, whose pattern the server knows better', z.iso.datetime(), { ...text, format: 'date-time' }],
    ['a read-only field', z.string().readonly(), text],
    ['a description', z.string().describe('What.'), { ...text, description: 'What.' }],
    [
      'integer or string',
      z.union([z.int().min(1), z.string().max(4).regex(/%$/)]),
      {
        anyOf: [{ type: 'integer' }, { type: 'string' }],
        'x-kubernetes-int-or-string': true,
        minimum: 1,
        maxLength: 4,
        pattern: '%$',
      },
    ],
    ['a list', z.array(z.string()).max(3), { type: 'array', items: text, maxItems: 3 }],
    ['a map', z.record(z.string(), z.string()), { type: 'object', additionalProperties: text }],
    [
      'free content',
      z.record(z.string(), z.unknown()),
      { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    ],
    [
      'a strict object, which pruning makes of every object',
      z.strictObject({ a: z.string(), b: z.string().optional() }),
      { type: 'object', properties: { a: text, b: text }, required: ['a'] },
    ],
    [
      'a loose object',
      z.looseObject({ a: z.string() }),
      {
        type: 'object',
        properties: { a: text },
        required: ['a'],
        'x-kubernetes-preserve-unknown-fields': true,
      },
    ],
    [
      'a field with a default, which nobody has to give',
      z.object({ a: z.string().default('x') }),
      { type: 'object', properties: { a: { ...text, default: 'x' } } },
    ],
    [
      'a named schema with a description of its own',
      z.object({ a: z.object({}).meta({ id: 'N' }).optional().describe('A.') }),
      { type: 'object', properties: { a: { type: 'object', properties: {}, description: 'A.' } } },
    ],
    [
      'what only Kubernetes knows',
      z.array(z.object({ k: z.string() })).meta({
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['k'],
      }),
      {
        type: 'array',
        items: { type: 'object', properties: { k: text }, required: ['k'] },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['k'],
      },
    ],
  ])('%s', (_, schema, expected) => {
    expect(toStructural(schema)).toEqual(expected);
  });

  it.each<[string, z.ZodType, string]>([
    ['any', z.any(), 'schema.a: has no type'],
    ['a union', z.union([z.string(), z.boolean()]), 'schema.a: of all unions'],
    ['string or integer, the wrong way round', z.union([z.string(), z.int()]), 'schema.a: of all unions'],
    [
      'a discriminated union',
      z.discriminatedUnion('k', [z.object({ k: z.literal('a') }), z.object({ k: z.literal('b') })]),
      'schema.a: of all unions a CRD can only say integer or string, in this order',
    ],
    ['two patterns', z.string().regex(/a/).regex(/b/), 'schema.a: of all unions'],
    [
      'named fields and free keys',
      z.object({ b: z.string() }).catchall(z.string()),
      'schema.a: an object has either',
    ],
    ['a look-ahead', z.string().regex(/^(?=x)/), 'schema.a: ^(?=x) is not RE2: it has look-around'],
    ['a format of zod', z.cuid(), 'schema.a: the API server does not check the format cuid'],
    [
      'an unknown keyword',
      z.string().meta({ 'x-mine': 1 }),
      'schema.a: the keyword x-mine has no place in a CRD',
    ],
  ])('throws for %s', (_, schema, message) => {
    expect(() => toStructural(z.object({ a: schema }))).toThrow(message);
  });

  it('throws for a list of nothing known', () => {
    expect(() => structuralOf({ type: 'array' }, 'here')).toThrow('here: a list without items');
  });

  it('names the path through lists and maps', () => {
    const schema = z.object({ a: z.array(z.record(z.string(), z.any())) });
    expect(toStructural(schema).properties?.['a']?.items).toEqual({
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
    });
    expect(() => toStructural(z.object({ a: z.array(z.any()) }))).toThrow('schema.a[]: has no type');
    const wrongMap = z.object({ a: z.record(z.string(), z.union([z.string(), z.boolean()])) });
    expect(() => toStructural(wrongMap)).toThrow('schema.a{}: of all unions');
  });
});
