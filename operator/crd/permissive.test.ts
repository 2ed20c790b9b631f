// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { permissive } from './permissive.ts';
import { toStructural } from './structural.ts';

describe('permissive', () => {
  it('takes out all that could refuse a value, at every depth', () => {
    const schema = z.object({
      phase: z.enum(['A', 'B']).describe('Phase.'),
      weight: z.int().min(0).max(100),
      list: z
        .array(z.object({ name: z.string().min(1).max(9).regex(/a/) }))
        .min(1)
        .max(3),
      map: z.record(z.string(), z.object({ count: z.int().min(0) })),
    });
    expect(permissive(toStructural(schema))).toEqual({
      type: 'object',
      properties: {
        phase: { type: 'string', description: 'Phase.' },
        weight: { type: 'integer', format: 'int64' },
        list: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
        map: {
          type: 'object',
          additionalProperties: {
            type: 'object',
            properties: { count: { type: 'integer', format: 'int64' } },
          },
        },
      },
    });
  });

  it('keeps the keys of keyed lists required, as the API server demands', () => {
    const schema = z
      .array(z.object({ type: z.string(), reason: z.string() }))
      .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] });
    expect(permissive(toStructural(schema)).items?.required).toEqual(['type']);
  });

  it('keeps defaults and leaves its argument as it was', () => {
    const strict = toStructural(z.object({ generation: z.int().min(-1).default(-1) }));
    const copy = structuredClone(strict);
    expect(permissive(strict).properties?.['generation']).toEqual({
      type: 'integer',
      format: 'int64',
      default: -1,
    });
    expect(strict).toEqual(copy);
  });
});
