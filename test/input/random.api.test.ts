// SPDX-License-Identifier: Apache-2.0
// Canaries that nobody would write, made from the CRD's own schema: API server and operator agree on each, and the
// operator, running, says something of each that is taken, breaks at none, and writes nothing but its status.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CanarySpec } from '../../operator/api/canary.ts';
import { KubeApiError } from '../../operator/kube/errors.ts';
import { resources } from '../../operator/kube/resources.ts';
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

const whole = arbitraryOf(specSchemas().get('Canary') ?? {});
const picks = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
  minLength: 40,
  maxLength: 40,
});
const samples = fc.sample(fc.tuple(whole, picks), { numRuns: SAMPLES, seed });
const refused = samples
  .map(([spec]) => spec)
  .filter((spec) => !CanarySpec.safeParse(spec).success)
  .slice(0, ASKED);
const taken = samples
  .map(([spec, cuts]) => cutToRules(CanarySpec, spec, cuts))
  .filter((spec) => spec !== undefined)
  .slice(0, ASKED);

const stand = useStand({ operator: 'random', port: 9215, withinMs: WITHIN_MS });

/** The spec for a Deployment and a Service of its own; a route may still be another's, which is a Conflict. */
function apart(spec: unknown, name: string): object {
  return { ...(spec as object), targetRef: { kind: 'Deployment', name }, service: { name } };
}

/** What the API server says of a Canary with this spec; empty: it is taken. */
async function refusalOf(spec: unknown, name: string, dryRun: boolean): Promise<string> {
  const metadata = { name, namespace: stand.namespace };
  const object = { apiVersion: 'headway.dev/v1alpha1', kind: 'Canary', metadata, spec };
  try {
    await admin().create(resources.canaries, object, { dryRun });
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

describe(`random Canaries, seed ${seed}`, () => {
  it('come in both kinds', () => {
    expect([taken.length, refused.length]).toEqual([ASKED, ASKED]);
  });

  it(
    'are refused by the API server where the operator would, with a field',
    async () => {
      await inTurns(refused, async (spec, i) => {
        const refusal = await refusalOf(spec, `refused-${i}`, true);
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
        expect({ spec, refusal: await refusalOf(apart(spec, `taken-${i}`), `taken-${i}`, false) }).toEqual({
          spec,
          refusal: '',
        });
      });
      await inTurns(taken, async (_, i) => {
        const { status } = await stand.ready(`taken-${i}`, /NotFound$|^Conflict$|^Suspended$/);
        expect(status).not.toBe('True');
      });
      expect(await stand.snapshot()).toEqual(before);
    },
    WITHIN_MS,
  );
});
