// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { checkSpec, checkStatus } from './structural-check.ts';
import type { StructuralSchema } from './structural.ts';

function spec(properties: Record<string, StructuralSchema>): StructuralSchema {
  return { type: 'object', description: 'All.', properties };
}

const words = { description: 'Words.' };

describe('checkSpec', () => {
  it.each<[string, StructuralSchema, string[]]>([
    ['a field without words', { type: 'boolean' }, ['spec.a: has no description']],
    [
      'words that end nowhere',
      { type: 'boolean', description: 'Yes' },
      ['spec.a: its description does not end a sentence'],
    ],
    ['text without end', { type: 'string', ...words }, ['spec.a: a string without maxLength']],
    ['text of few words', { type: 'string', enum: ['x'], ...words }, []],
    ['a date', { type: 'string', format: 'date-time', ...words }, []],
    [
      'an address, which has no length of its own',
      { type: 'string', format: 'uri', ...words },
      ['spec.a: a string without maxLength'],
    ],
    [
      'integer or string without end',
      { 'x-kubernetes-int-or-string': true, ...words },
      ['spec.a: a string without maxLength'],
    ],
    [
      'a list without end, of text without end',
      { type: 'array', items: { type: 'string' }, ...words },
      ['spec.a: a list without maxItems', 'spec.a[]: a string without maxLength'],
    ],
    [
      'a map without end, of text without end',
      { type: 'object', additionalProperties: { type: 'string' }, ...words },
      ['spec.a: a map without maxProperties', 'spec.a{}: a string without maxLength'],
    ],
    [
      'fields of items without words',
      {
        type: 'array',
        maxItems: 1,
        items: { type: 'object', properties: { b: { type: 'boolean' } } },
        ...words,
      },
      ['spec.a[].b: has no description'],
    ],
    [
      'anything at all',
      { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, ...words },
      ['spec.a: takes unknown fields'],
    ],
    [
      'a list whose key may be absent',
      {
        type: 'array',
        maxItems: 1,
        'x-kubernetes-list-map-keys': ['k'],
        items: { type: 'object', properties: { k: { type: 'string', maxLength: 1, ...words } } },
        ...words,
      },
      ['spec.a: its key k is neither required nor defaulted'],
    ],
  ])('says what is wrong with %s', (_, field, problems) => {
    expect(checkSpec(spec({ a: field }))).toEqual(problems);
  });
});

describe('checkStatus', () => {
  it.each<[string, StructuralSchema, string[]]>([
    ['text without end, which a status may have', { type: 'string', ...words }, []],
    ['a field without words', { type: 'string' }, ['status.a: has no description']],
    [
      'words that another version may not know',
      { type: 'string', enum: ['x'], ...words },
      ['status.a: enum could refuse what another version of the operator writes'],
    ],
    [
      'a rule',
      { type: 'string', 'x-kubernetes-validations': [], ...words },
      ['status.a: x-kubernetes-validations could refuse what another version of the operator writes'],
    ],
  ])('says what is wrong with %s', (_, field, problems) => {
    expect(checkStatus(spec({ a: field }))).toEqual(problems);
  });
});
