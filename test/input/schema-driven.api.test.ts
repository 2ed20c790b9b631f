// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { AnalysisTemplateSpec } from '../../operator/api/analysis.ts';
import { MetricsProviderSpec } from '../../operator/api/metrics-provider.ts';
import { BlueGreenSpec } from '../../operator/api/blue-green.ts';
import { CanarySpec } from '../../operator/api/canary.ts';
import { describeSpecErrors } from '../../operator/api/spec-errors.ts';
import { DEADLINE_MS, openTestServer, type TestServer } from '../../operator/crd/test-server.ts';
import { KubeApiError } from '../../operator/kube/errors.ts';
import { type Resource, resources } from '../../operator/kube/resources.ts';
import { type Breakage, breakAt, breakagesOf, fieldOf } from './breakages.ts';
import { specSchemas } from './schema.ts';
import { fullValue } from './values.ts';

/** Requests to the API server that are on their way at once. */
const AT_ONCE = 16;

let server: TestServer;

beforeAll(async () => {
  server = await openTestServer();
}, 2 * DEADLINE_MS);

afterAll(() => server.close());

interface Refusal {
  readonly field: string;
  readonly message: string;
}

/** What the API server finds wrong with a spec; empty: it takes it. Nothing is stored. */
async function refusals(resource: Resource, spec: unknown): Promise<Refusal[]> {
  const metadata = { name: 'input', ...(resource.namespaced ? { namespace: server.namespace } : {}) };
  const object = { apiVersion: 'headway.dev/v1alpha1', kind: resource.kind, metadata, spec };
  try {
    await server.client.create(resource, object, { dryRun: true });
    return [];
  } catch (error) {
    if (!(error instanceof KubeApiError) || error.status !== 422) throw error;
    return (error.details?.causes ?? []).map(({ field = '', message = '' }) => ({ field, message }));
  }
}

/** The API server writes a small bound as Go does: 1e-06. */
function isSaid(message: string, limit: string): boolean {
  const inGo = Number(limit)
    .toExponential()
    .replace(/e-(\d)$/, 'e-0$1');
  return message.includes(limit) || message.includes(inGo);
}

const KINDS: readonly [Resource, z.ZodType][] = [
  [resources.canaries, CanarySpec],
  [resources.blueGreens, BlueGreenSpec],
  [resources.analysisTemplates, AnalysisTemplateSpec],
  [resources.metricsProviders, MetricsProviderSpec],
];

describe.each(KINDS)('every small wrong that the schema forbids (%#)', (resource, Spec) => {
  const schema = specSchemas().get(resource.kind) ?? {};
  const full = fullValue(schema);
  const breakages = breakagesOf(schema, full).filter(({ path }) => path.length > 0);

  /** What is not as it must be, for a table that shows all of it at once. */
  async function complaintsOf(breakage: Breakage): Promise<string[]> {
    const { path, wrong, limit, value } = breakage;
    const field = fieldOf(path);
    const spec = breakAt(full, path, value);
    const said = (await refusals(resource, spec)).filter((each) => each.field === field);
    const found = Spec.safeParse(spec);
    const lines = found.success ? [] : describeSpecErrors(found.error, spec);
    const own = lines.filter((line) => line.startsWith(`${field}:`));
    return [
      ...(said.length === 0 ? [`${field}: ${wrong}: the API server does not refuse it`] : []),
      ...(own.length === 0 ? [`${field}: ${wrong}: the operator does not refuse it`] : []),
      ...(limit === undefined || said.some(({ message }) => isSaid(message, limit))
        ? []
        : [
            `${field}: ${wrong}: the API server does not say ${limit}: ${said.map(({ message }) => message.slice(0, 200)).join('; ')}`,
          ]),
      ...(limit === undefined || own.some((line) => line.includes(limit))
        ? []
        : [`${field}: ${wrong}: the operator does not say ${limit}: ${own.join('; ').slice(0, 200)}`]),
      ...own
        .filter((line) => line.length > 400)
        .map(() => `${field}: ${wrong}: the operator's line is too long`),
    ];
  }

  it(
    `${resource.kind}: both layers refuse it, naming the field and the limit`,
    async () => {
      expect(breakages.length).toBeGreaterThan(20);
      const complaints: string[] = [];
      for (let from = 0; from < breakages.length; from += AT_ONCE) {
        const some = breakages.slice(from, from + AT_ONCE);
        complaints.push(...(await Promise.all(some.map(complaintsOf))).flat());
      }
      expect(complaints).toEqual([]);
    },
    8 * DEADLINE_MS,
  );
});
