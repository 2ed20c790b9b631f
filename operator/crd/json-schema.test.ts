// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { toJsonSchema } from './json-schema.ts';

const cel = { 'x-kubernetes-validations': [{ rule: 'true', message: 'never' }] };
const refined = z.string().refine((text) => text !== 'x');

describe('toJsonSchema', () => {
  it.each<[string, z.ZodType, string]>([
    ['a refinement', z.object({ a: refined }), 'a: a refinement needs a CEL rule'],
    ['a refinement below optional', z.object({ a: refined.optional() }), 'a: a refinement needs a CEL rule'],
    ['a refinement in a list', z.object({ a: z.array(refined) }), 'a.items: a refinement needs a CEL rule'],
    [
      'a pattern of keys',
      z.object({ a: z.record(z.string().regex(/x/), z.string()) }),
      'a: a pattern or length of keys needs a CEL rule',
    ],
    [
      'an enum of keys',
      z.object({ a: z.record(z.enum(['x']), z.string()) }),
      'a: a pattern or length of keys needs a CEL rule',
    ],
    ['a transform', z.object({ a: z.string().transform(Number) }), 'a: a pipe has no meaning in a CRD'],
    ['a catch', z.object({ a: z.string().catch('x') }), 'a: a catch has no meaning in a CRD'],
  ])('throws for %s that the CRD would leave out', (_, schema, message) => {
    expect(() => toJsonSchema(schema)).toThrow(message);
  });

  it('names every such field at once', () => {
    const other = z.int().refine((value) => value !== 7);
    const schema = z.object({ a: refined, b: z.object({ c: other }) });
    expect(() => toJsonSchema(schema)).toThrow(
      [
        'the CRD would not say all that zod checks:',
        'a: a refinement needs a CEL rule, a list type or maxProperties beside it',
        'b.c: a refinement needs a CEL rule, a list type or maxProperties beside it',
      ].join('\n'),
    );
  });

  it.each<[string, z.ZodType]>([
    ['CEL beside a refinement', refined.meta(cel)],
    ['CEL beside a refinement, then optional and described', refined.meta(cel).optional().describe('x')],
    ['CEL beside a refinement, then a default', refined.meta(cel).default('y')],
    [
      'a list type',
      z
        .array(z.string())
        .refine(() => true)
        .meta({ 'x-kubernetes-list-type': 'set' }),
    ],
    ['CEL beside a pattern of keys', z.record(z.string().max(3), z.string()).meta(cel)],
  ])('takes %s', (_, schema) => {
    expect(() => toJsonSchema(z.object({ a: schema }))).not.toThrow();
  });

  it('writes references out, with what is said beside them', () => {
    const Named = z.object({ q: z.string() }).meta({ id: 'Named' });
    const schema = z.object({ a: Named, b: Named.optional().describe('Again.') });
    const named = { type: 'object', properties: { q: { type: 'string' } }, required: ['q'] };
    expect(toJsonSchema(schema)).toEqual({
      type: 'object',
      properties: { a: named, b: { allOf: [named], description: 'Again.' } },
      required: ['a'],
    });
  });

  it('throws for a schema that contains itself', () => {
    const Tree = z.object({
      get branches() {
        return z.array(Tree).optional();
      },
    });
    expect(() => toJsonSchema(Tree)).toThrow('Cycle detected');
  });
});
