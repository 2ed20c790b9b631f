// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { DURATION_PATTERN } from '../../operator/api/duration.ts';
import type { StructuralSchema } from '../../operator/crd/structural.ts';
import { typeText } from './type-text.ts';

describe('typeText', () => {
  it.each<[string, StructuralSchema]>([
    ['boolean', { type: 'boolean' }],
    ['anything', {}],
    ['string', { type: 'string' }],
    ['string, 1 to 63 characters', { type: 'string', minLength: 1, maxLength: 63 }],
    ['string, at most 64 characters', { type: 'string', maxLength: 64 }],
    ['duration', { type: 'string', pattern: DURATION_PATTERN.source, minLength: 2, maxLength: 24 }],
    ['string, 1 to 9 characters', { type: 'string', pattern: '^a*$', minLength: 1, maxLength: 9 }],
    ['`Skip`', { type: 'string', enum: ['Skip'] }],
    ['`Skip` or `Judge`', { type: 'string', enum: ['Skip', 'Judge'] }],
    ['`a`, `b` or `c`', { type: 'string', enum: ['a', 'b', 'c'] }],
    ['integer', { type: 'integer' }],
    ['integer, from 0 to 100', { type: 'integer', minimum: 0, maximum: 100 }],
    ['number, from 1 below 100', { type: 'number', minimum: 1, maximum: 100, exclusiveMaximum: true }],
    ['number, more than 0', { type: 'number', minimum: 0, exclusiveMinimum: true }],
    ['integer or string', { anyOf: [{ type: 'integer' }, { type: 'string' }] }],
    ['list of integers', { type: 'array', items: { type: 'integer', maximum: 9 } }],
    [
      'list of objects, 1 to 50 items',
      { type: 'array', items: { type: 'object' }, minItems: 1, maxItems: 50 },
    ],
    ['list of `a` or `b`, at least 1 items', { type: 'array', items: { enum: ['a', 'b'] }, minItems: 1 }],
    ['object', { type: 'object', properties: { name: { type: 'string' } } }],
    [
      'map of strings, at most 8 entries',
      { type: 'object', additionalProperties: { type: 'string' }, maxProperties: 8 },
    ],
  ])('%s', (text, schema) => expect(typeText(schema)).toBe(text));
});
