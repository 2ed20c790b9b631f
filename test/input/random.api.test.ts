// SPDX-License-Identifier: Apache-2.0
// Canaries and BlueGreens that nobody would write, made from the CRD's own schema: API server and operator agree on each, and the
// operator, running, says something of each that is taken, breaks at none, and writes nothing but its status.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { z } from 'zod';
import { BlueGreenSpec } from '../../operator/api/blue-green.ts';
import { CanarySpec } from '../../operator/api/canary.ts';
import { KubeApiError } from '../../operator/kube/errors.ts';
import { type Resource, resources } from '../../operator/kube/resources.ts';
import { admin } from '../e2e/support/world.ts';
import { arbitraryOf } from './arbitrary.ts';
import { cutToRules } from './mending.ts';
import { specSchemas } from './schema.ts';
import { useStand } from './use-stand.ts';

const WITHIN_MS = 150_000;
const SAMPLES = 1_000;
/** Of each verdict. */
const ASKED = 120;
const AT_ONCE = 16;
const seed = Number(process.env['SEED'] ?? 20_261_121);

const picks = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
  minLength: 40,
  maxLength: 40,
});

interface Samples {
  readonly taken: readonly unknown[];
  readonly refused: readonly unknown[];
}

function samplesOf(schema: z.ZodType, kind: string): Samples {
  const whole = arbitraryOf(specSchemas().get(kind) ?? {});
  const samples = fc.sample(fc.tuple(whole, picks), { numRuns: SAMPLES, seed });
  return {
    refused: samples
      .map(([spec]) => spec)
      .filter((spec) => !schema.safeParse(spec).success)
      .slice(0, ASKED),
    taken: samples
      .map(([spec, cuts]) => cutToRules(schema, spec, cuts))
      .filter((spec) => spec !== undefined)
      .slice(0, ASKED),
  };
}

const stand = useStand({ operator: 'random', port: 9215, withinMs: WITHIN_MS });

/** The spec for a Deployment and a Service of its own; a route may still be another's, which is a Conflict. */
function apart(spec: unknown, name: string): object {
  return { ...(spec as object), targetRef: { kind: 'Deployment', name }, service: { name } };
}

interface Sample {
  readonly resource: Resource;
  readonly name: string;
  readonly dryRun: boolean;
}

/** What the API server says of an object with this spec; empty: it is taken. */
async function refusalOf(spec: unknown, { resource, name, dryRun }: Sample): Promise<string> {
  const metadata = { name, namespace: stand.namespace };
  const object = { apiVersion: 'headway.dev/v1alpha1', kind: resource.kind, metadata, spec };
  try {
    await admin().create(resource, object, { dryRun });
    return '';
  } catch (error) {
    if (error instanceof KubeApiError && error.status === 422) return error.message;
    throw error;
  }
}

async function inTurns<T>(
  items: readonly T[],
  act: (item: T, index: number) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE) {
    await Promise.all(items.slice(at, at + AT_ONCE).map((item, i) => act(item, at + i)));
  }
}

const KINDS: readonly (readonly [string, Resource, z.ZodType])[] = [
  ['Canary', resources.canaries, CanarySpec],
  ['BlueGreen', resources.blueGreens, BlueGreenSpec],
];

describe.each(KINDS)(`random %s, seed ${seed}`, (kind, resource, schema) => {
  const { taken, refused } = samplesOf(schema, kind);
  const nameOf = (i: number) => `${resource.plural}-${i}`;

  it('come in both sorts', () => {
    expect([taken.length, refused.length]).toEqual([ASKED, ASKED]);
  });

  it(
    'are refused by the API server where the operator would, with a field',
    async () => {
      await inTurns(refused, async (spec, i) => {
        const refusal = await refusalOf(spec, { resource, name: nameOf(i), dryRun: true });
        expect({ spec, refusal }).toEqual({ spec, refusal: expect.stringMatching(/spec[.:[]/) });
      });
    },
    WITHIN_MS,
  );

  it(
    'are taken by the API server where the operator would, and each is answered for in its status alone',
    async () => {
      const before = await stand.snapshot();
      await inTurns(taken, async (spec, i) => {
        const name = nameOf(i);
        const refusal = await refusalOf(apart(spec, name), { resource, name, dryRun: false });
        expect({ spec, refusal }).toEqual({ spec, refusal: '' });
      });
      await inTurns(taken, async (_, i) => {
        const answered = /NotFound$|^Conflict$|^Suspended$/;
        const { status } = await stand.ready({ resource, name: nameOf(i) }, answered);
        expect(status).not.toBe('True');
      });
      expect(await stand.snapshot()).toEqual(before);
    },
    WITHIN_MS,
  );
});
