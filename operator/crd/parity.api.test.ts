// SPDX-License-Identifier: Apache-2.0
// oxlint-disable no-restricted-imports -- crd/ sees no cluster; the tests of what it makes do
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { z } from 'zod';
import { AnalysisTemplateSpec } from '../api/analysis.ts';
import { BlueGreenSpec } from '../api/blue-green.ts';
import { CanarySpec } from '../api/canary.ts';
import { isInvalid } from '../kube/errors.ts';
import { type Resource, resources } from '../kube/resources.ts';
import { DEADLINE_MS, openTestServer, type TestServer } from './test-server.ts';

const RUNS = 300;
let server: TestServer;

beforeAll(async () => {
  server = await openTestServer();
}, 2 * DEADLINE_MS);

afterAll(() => server.close());

async function isTaken(resource: Resource, spec: unknown): Promise<boolean> {
  const object = {
    apiVersion: 'headway.dev/v1alpha1',
    kind: resource.kind,
    metadata: { name: 'parity', namespace: server.namespace },
    spec,
  };
  try {
    await server.client.create(resource, object, { dryRun: true });
    return true;
  } catch (error) {
    if (isInvalid(error)) return false;
    throw error;
  }
}

/** Values at and around every bound; bad ones are rare enough that about half of the specs are good. */
function mostly<T>(good: readonly T[], bad: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.constantFrom(...bad) },
  );
}

const name = mostly(['shop', 'a', 'shop-2', 'a.b'], ['Shop', '-a', '']);
const duration = mostly(
  ['10s', '30s', '10m', '1h', '59m60s'],
  ['0s', '999ms', '24h1s', '169h', '1', '', '1m1h', '999999h', '1 m', '1h1s'],
);
const weight = mostly([1, 5, 25, 50, 99, 100], [0, 101, -1]);
const replicas = mostly([0, 1, 10000], [10001, -1]);

function optional(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> {
  return fc.record(fields, { requiredKeys: [] });
}

const check = fc
  .tuple(
    fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), provider: fc.constant('main') }),
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom<object>({ query: 'up' }, { metric: 'request-success-rate' }) },
      {
        weight: 1,
        arbitrary: optional({ query: fc.constant('up'), metric: fc.constant('request-duration') }),
      },
    ),
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom<object>({ max: 1 }, { min: 0.5 }, { successCondition: 'result > 1' }),
      },
      {
        weight: 1,
        arbitrary: optional({
          max: fc.constantFrom(1, 2.5),
          min: fc.constantFrom(1, 3),
          successCondition: fc.constant('true'),
        }),
      },
    ),
    fc.oneof(
      { weight: 6, arbitrary: fc.constant({}) },
      {
        weight: 1,
        arbitrary: optional({
          quantile: fc.constantFrom(1, 99.9, 100),
          labels: fc.dictionary(mostly(['a', '_b', 'constructor'], ['__c', '1', '']), fc.constant('x')),
          interval: duration,
          window: duration,
          count: fc.constantFrom(0, 1, 1000, 1001),
        }),
      },
    ),
  )
  .map((parts): object => Object.assign({}, ...parts));

const analysis = fc.oneof(
  { weight: 2, arbitrary: fc.record({ templateRef: fc.record({ name }) }) },
  {
    weight: 1,
    arbitrary: optional({ templateRef: fc.record({ name }), checks: fc.array(check, { maxLength: 3 }) }),
  },
);

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ setWeight: weight }) },
  { weight: 2, arbitrary: fc.constant({ pause: {} }) },
  { weight: 1, arbitrary: fc.record({ analysis }) },
  {
    weight: 1,
    arbitrary: optional({ setWeight: weight, pause: optional({ duration }), analysis, replicas }),
  },
);

const canarySpec = fc
  .tuple(
    fc.constant({ targetRef: { kind: 'Deployment', name: 'shop' }, service: { name: 'shop' } }),
    fc.oneof(
      fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 4 }) }),
      fc.record({ weights: fc.array(weight, { minLength: 1, maxLength: 2 }), interval: duration }),
      fc.record({ weights: fc.constantFrom([5, 25], [1], [10, 20, 100]), interval: duration }),
      optional({ steps: fc.array(step, { maxLength: 2 }), weights: fc.array(weight), interval: duration }),
    ),
    optional({
      replicas,
      noDataDeadline: duration,
      analysis: fc
        .tuple(analysis, optional({ startingStep: mostly([0, 1], [3, 50, 51]) }))
        .map((parts): object => Object.assign({}, ...parts)),
    }),
  )
  .map((parts): object => Object.assign({}, ...parts));

const blueGreenSpec = fc
  .tuple(
    fc.constant({ targetRef: { kind: 'Deployment', name: 'shop' }, service: { name: 'shop' } }),
    fc.oneof(
      { weight: 2, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.record({ previewService: fc.record({ name }) }) },
    ),
    optional({ autoPromote: fc.boolean(), autoPromoteAfter: duration }),
    fc.oneof(
      { weight: 2, arbitrary: optional({ bake: fc.record({ duration }) }) },
      { weight: 1, arbitrary: optional({ bake: fc.record({ duration }), postPromotion: analysis }) },
    ),
    optional({
      previewReplicas: mostly([1, 2, 10000], [0, 10001]),
      prePromotion: fc
        .tuple(analysis, optional({ duration }))
        .map((parts): object => Object.assign({}, ...parts)),
      noDataDeadline: duration,
    }),
  )
  .map((parts): object => Object.assign({}, ...parts));

const templateSpec = fc.record({ checks: fc.array(check, { minLength: 1, maxLength: 3 }) });

describe('the operator and the API server take the same specs', () => {
  it.each<[string, Resource, z.ZodType, fc.Arbitrary<object>]>([
    ['Canary', resources.canaries, CanarySpec, canarySpec],
    ['BlueGreen', resources.blueGreens, BlueGreenSpec, blueGreenSpec],
    ['AnalysisTemplate', resources.analysisTemplates, AnalysisTemplateSpec, templateSpec],
  ])(
    '%s',
    async (_, resource, schema, specs) => {
      let good = 0;
      await fc.assert(
        fc.asyncProperty(specs, async (spec) => {
          const { success } = schema.safeParse(spec);
          if (success) good += 1;
          expect(await isTaken(resource, spec)).toBe(success);
        }),
        { numRuns: RUNS },
      );
      expect(good).toBeGreaterThan(RUNS / 6);
      expect(good).toBeLessThan((RUNS * 4) / 5);
    },
    4 * DEADLINE_MS,
  );
});
