// SPDX-License-Identifier: Apache-2.0
// oxlint-disable no-restricted-imports -- crd/ sees no cluster; this test of what it makes does
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UNSEEN } from '../api/rollout-status.ts';
import { badProviders, badTemplates, goodProviders, goodTemplates } from '../api/analysis.cases.ts';
import { badBlueGreens, goodBlueGreens } from '../api/blue-green.cases.ts';
import { BlueGreenSpec } from '../api/blue-green.ts';
import { badCanaries, goodCanaries } from '../api/canary.cases.ts';
import type { SpecCase } from '../api/cases.ts';
import type { KubeClient } from '../kube/client.ts';
import { isNotFound, KubeApiError } from '../kube/errors.ts';
import type { KubeObject } from '../kube/objects.ts';
import { type Resource, resources } from '../kube/resources.ts';
import { KINDS } from './kinds.ts';
import { DEADLINE_MS, openTestServer, run, type TestServer, waitFor } from './test-server.ts';

let server: TestServer;
let client: KubeClient;
let namespace: string;

beforeAll(async () => {
  server = await openTestServer();
  ({ client, namespace } = server);
}, 2 * DEADLINE_MS);

afterAll(() => server.close());

const RESOURCES = {
  BlueGreen: resources.blueGreens,
  Canary: resources.canaries,
  AnalysisTemplate: resources.analysisTemplates,
  MetricsProvider: resources.metricsProviders,
} as const satisfies Record<string, Resource>;
type Kind = keyof typeof RESOURCES;

function objectOf(kind: Kind, name: string, spec: unknown): KubeObject {
  const resource = RESOURCES[kind];
  const metadata = resource.namespaced ? { name, namespace } : { name };
  return { apiVersion: 'headway.dev/v1alpha1', kind, metadata, spec };
}

/** What the API server finds wrong, in an order that does not matter. */
async function refusalOf(write: Promise<unknown>): Promise<{ field: string; message: string }[]> {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof KubeApiError) || error.status !== 422) throw error;
    return (error.details?.causes ?? [])
      .map(({ field = '', message = '' }) => ({ field, message }))
      .toSorted(byField);
  }
  return [];
}

function byField(a: { field: string }, b: { field: string }): number {
  return a.field.localeCompare(b.field);
}

describe('the CRDs', () => {
  it('are structural and within the cost limits of CEL', () => {
    expect(server.crds.length).toBe(KINDS.length);
    for (const { metadata, status } of server.crds) {
      const types = status?.conditions?.filter((each) => each.status === 'True').map(({ type }) => type);
      expect([metadata.name, types]).toEqual([metadata.name, ['NamesAccepted', 'Established']]);
    }
  });

  it('explain every field of every kind', async () => {
    const text = await waitFor('the OpenAPI document', async () => {
      const document = await ifThere(client.raw('GET', '/openapi/v3/apis/headway.dev/v1alpha1'));
      if (document === undefined) return undefined;
      return KINDS.every(({ kind }) => document.includes(`v1alpha1.${kind}"`)) ? document : undefined;
    });
    const { components } = JSON.parse(text) as { components: { schemas: Record<string, Described> } };
    for (const { kind } of KINDS) {
      const schema = components.schemas[`dev.headway.v1alpha1.${kind}`];
      expect([kind, undescribedIn(schema ?? {}, kind)]).toEqual([kind, []]);
    }
  });

  it.each([
    [
      'canary.spec.interval',
      /FIELD: interval <string>[^]*Pause after each of weights, from 1s to 168h, such as 90s/,
    ],
    [
      'bluegreen.spec.previewService',
      /FIELD: previewService <Object>[^]*The Service that finds the new pods before clients do/,
    ],
    [
      'bluegreen.status.active.slot',
      /FIELD: slot <string>[^]*a slot keeps its colour\s+while the traffic moves/,
    ],
  ])('explain %s to kubectl', async (field, text) => {
    expect(await waitFor(`kubectl explain ${field}`, () => explain(field))).toMatch(text);
  });
});

/** The API server publishes a new group a moment after its CRDs are established. */
async function ifThere<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** What kubectl says; undefined while it does not know the resource, as it learns of it from the same documents. */
async function explain(field: string): Promise<string | undefined> {
  try {
    return (await run('kubectl', ['explain', field])).stdout;
  } catch (error) {
    if (error instanceof Error && error.message.includes("couldn't find resource")) return undefined;
    throw error;
  }
}

interface Described {
  description?: string;
  properties?: Record<string, Described>;
  items?: Described;
}

function undescribedIn(schema: Described, path: string): string[] {
  const fields = Object.entries(schema.properties ?? {}).filter(([name]) => name !== 'metadata');
  const below = fields.flatMap(([name, field]) => undescribedIn(field, `${path}.${name}`));
  const items = schema.items ? undescribedIn({ description: '-', ...schema.items }, `${path}[]`) : [];
  return [...(schema.description ? [] : [path]), ...below, ...items];
}

const TABLES: readonly [Kind, readonly SpecCase[]][] = [
  ['BlueGreen', [...goodBlueGreens, ...badBlueGreens]],
  ['Canary', [...goodCanaries, ...badCanaries]],
  ['AnalysisTemplate', [...goodTemplates, ...badTemplates]],
  ['MetricsProvider', [...goodProviders, ...badProviders]],
];

describe.each(TABLES)('the API server on a %s', (kind, cases) => {
  it.each(cases)('$title', async ({ spec, server: errors }) => {
    const write = client.create(RESOURCES[kind], objectOf(kind, 'dry', spec), { dryRun: true });
    const found = await refusalOf(write);
    const wanted = errors.toSorted(byField);
    expect(found.map(({ field }) => field)).toEqual(wanted.map(({ field }) => field));
    for (const [i, { says }] of wanted.entries()) {
      for (const part of says) expect(found[i]?.message).toContain(part);
    }
  });
});

const shorthand = goodCanaries[0]?.spec as Record<string, unknown>;

interface LiveCanary extends KubeObject {
  spec: Record<string, unknown>;
  status: Record<string, unknown>;
}

async function createCanary(name: string, spec: unknown = shorthand): Promise<LiveCanary> {
  return (await client.create(resources.canaries, objectOf('Canary', name, spec))) as LiveCanary;
}

describe('a Canary in the API server', () => {
  it('has the defaults of the schema and a status that nobody has written', async () => {
    const { spec, status } = await createCanary('defaults');
    expect(spec).toEqual({
      ...shorthand,
      firstDeploy: 'Skip',
      onFailure: 'Rollback',
      onNoData: 'Pause',
      noDataDeadline: '10m',
      progressDeadline: '10m',
      scaleDownDelay: '30s',
      releasePolicy: 'Any',
      suspend: false,
    });
    expect(status).toEqual(UNSEEN);
  });

  it('loses fields that the schema does not know, also a weight map called __proto__', async () => {
    const spec = JSON.parse(
      JSON.stringify(shorthand).replace('{', '{"__proto__":{"x":1},"colour":"red",'),
    ) as object;
    const canary = await createCanary('pruned', spec);
    expect(Object.keys(canary.spec)).not.toContain('__proto__');
    expect(canary.spec).not.toHaveProperty('colour');
  });

  it('keeps its target and its Service for life', async () => {
    await createCanary('immutable');
    const ref = { namespace, name: 'immutable' };
    const patch = { spec: { targetRef: { name: 'other' }, service: { name: 'other' } } };
    expect(await refusalOf(client.mergePatch(resources.canaries, ref, { patch }))).toEqual([
      {
        field: 'spec.service',
        message: 'Invalid value: service cannot change; delete this Canary and make a new one',
      },
      {
        field: 'spec.targetRef',
        message: 'Invalid value: targetRef cannot change; delete this Canary and make a new one',
      },
    ]);
    const back = { spec: { weights: [7], interval: '5s' } };
    expect(await client.mergePatch(resources.canaries, ref, { patch: back })).toMatchObject({
      spec: { weights: [7] },
    });
  });

  it('takes a status with words that this version does not know', async () => {
    await createCanary('future');
    const status = { phase: 'Waiting', weight: { observed: 250 }, conditions: [{ type: 'Ready' }] };
    const object = { metadata: { namespace, name: 'future' }, status };
    const written = await client.apply(resources.canaries, object, {
      fieldManager: 'headway',
      subresource: 'status',
    });
    expect(written['status']).toMatchObject({ observedGeneration: -1, ...status });
  });

  it('has no status that is written with the spec', async () => {
    const status = { phase: 'Healthy' };
    const canary = { ...objectOf('Canary', 'spec-only', shorthand), status };
    expect((await client.create(resources.canaries, canary))['status']).toEqual(UNSEEN);
  });

  it('scales by its subresource', async () => {
    await createCanary('scaled', { ...shorthand, replicas: 2 });
    await run('kubectl', ['scale', 'hcan/scaled', '-n', namespace, '--current-replicas=2', '--replicas=3']);
    const live = await client.get<LiveCanary>(resources.canaries, { namespace, name: 'scaled' });
    expect(live.spec['replicas']).toBe(3);
  });
});

describe('kubectl get', () => {
  const stable = { revision: 'a', version: '1.4.2' };
  const canary = { revision: 'b', version: '1.5.0' };
  const conditions = [
    { type: 'Reconciling', status: 'True' },
    { type: 'Ready', status: 'False' },
  ];

  it.each([
    ['fresh', {}, ['fresh', 'Pending', 'Unknown', 'no', 'operator', 'has', 'looked', 'at', 'it', 'yet']],
    [
      'at-rest',
      {
        phase: 'Healthy',
        message: 'well',
        stable,
        weight: { observed: 0 },
        conditions: [{ type: 'Ready', status: 'True' }],
      },
      ['at-rest', 'Healthy', '0', '1.4.2', 'True', 'well', '1.4.2'],
    ],
    [
      'moving',
      {
        phase: 'Progressing',
        message: 'waits',
        next: '50%',
        step: { position: '3/6' },
        weight: { desired: 30, observed: 25 },
        stable,
        canary,
        conditions,
      },
      ['moving', 'Progressing', '3/6', '25', '1.5.0', 'False', 'waits', '1.4.2', '50%'],
    ],
  ])('shows a Canary %s', async (name, status, cells) => {
    await createCanary(name);
    const object = { metadata: { namespace, name }, status };
    await client.apply(resources.canaries, object, { fieldManager: 'headway', subresource: 'status' });
    const { stdout } = await run('kubectl', ['get', 'hcan', name, '-n', namespace, '-o', 'wide']);
    const [header = '', row = ''] = stdout.trim().split('\n');
    const columns = [
      'NAME',
      'PHASE',
      'STEP',
      'WEIGHT',
      'VERSION',
      'READY',
      'AGE',
      'MESSAGE',
      'STABLE',
      'NEXT',
    ];
    expect(header.split(/\s+/)).toEqual(columns);
    expect(row.split(/\s+/).filter((cell) => !/^\d+s$/.test(cell) && cell !== '')).toEqual(cells);
  });

  it.each(['all', 'headway'])('finds Canaries in the category %s', async (category) => {
    await createCanary(`in-${category}`);
    const { stdout } = await run('kubectl', ['get', category, '-n', namespace, '-o', 'name']);
    expect(stdout).toContain(`canary.headway.dev/in-${category}\n`);
  });
});

describe('a BlueGreen in the API server', () => {
  const spec = goodBlueGreens[0]?.spec as Record<string, unknown>;

  async function createBlueGreen(name: string): Promise<LiveCanary> {
    return (await client.create(resources.blueGreens, objectOf('BlueGreen', name, spec))) as LiveCanary;
  }

  it('has the defaults of the schema and a status that nobody has written', async () => {
    const live = await createBlueGreen('defaults');
    expect(live.spec).toEqual(BlueGreenSpec.parse(spec));
    expect(live.status).toEqual(UNSEEN);
  });

  it('keeps its target and its Service for life', async () => {
    await createBlueGreen('immutable');
    const ref = { namespace, name: 'immutable' };
    const patch = { spec: { targetRef: { name: 'other' }, service: { name: 'other' } } };
    expect(await refusalOf(client.mergePatch(resources.blueGreens, ref, { patch }))).toEqual([
      {
        field: 'spec.service',
        message: 'Invalid value: service cannot change; delete this BlueGreen and make a new one',
      },
      {
        field: 'spec.targetRef',
        message: 'Invalid value: targetRef cannot change; delete this BlueGreen and make a new one',
      },
    ]);
  });

  it('scales by its subresource', async () => {
    await createBlueGreen('scaled');
    await client.mergePatch(
      resources.blueGreens,
      { namespace, name: 'scaled' },
      { patch: { spec: { replicas: 2 } } },
    );
    await run('kubectl', ['scale', 'hbg/scaled', '-n', namespace, '--current-replicas=2', '--replicas=3']);
    const live = await client.get<LiveCanary>(resources.blueGreens, { namespace, name: 'scaled' });
    expect(live.spec['replicas']).toBe(3);
  });

  it.each([
    ['fresh', {}, ['fresh', 'Pending', 'Unknown', 'no', 'operator', 'has', 'looked', 'at', 'it', 'yet']],
    [
      'at-rest',
      {
        phase: 'Healthy',
        message: 'well',
        active: { slot: 'green', revision: 'a', version: '1.4.2' },
        conditions: [{ type: 'Ready', status: 'True' }],
      },
      ['at-rest', 'Healthy', 'green', '1.4.2', 'True', 'well'],
    ],
    [
      'previewing',
      {
        phase: 'Paused',
        message: 'waits',
        next: 'promotion',
        active: { slot: 'green', revision: 'a', version: '1.4.2' },
        preview: { slot: 'blue', revision: 'b', version: '1.5.0' },
        conditions: [
          { type: 'Paused', status: 'True' },
          { type: 'Ready', status: 'False' },
        ],
      },
      ['previewing', 'Paused', 'green', '1.4.2', '1.5.0', 'False', 'waits', 'promotion'],
    ],
  ])('is shown by kubectl %s', async (name, status, cells) => {
    await createBlueGreen(name);
    const object = { metadata: { namespace, name }, status };
    await client.apply(resources.blueGreens, object, { fieldManager: 'headway', subresource: 'status' });
    const { stdout } = await run('kubectl', ['get', 'hbg', name, '-n', namespace, '-o', 'wide']);
    const [header = '', row = ''] = stdout.trim().split('\n');
    expect(header.split(/\s+/)).toEqual([
      'NAME',
      'PHASE',
      'ACTIVE',
      'VERSION',
      'PREVIEW',
      'READY',
      'AGE',
      'MESSAGE',
      'NEXT',
    ]);
    expect(row.split(/\s+/).filter((cell) => !/^\d+s$/.test(cell) && cell !== '')).toEqual(cells);
  });

  it.each(['all', 'headway'])('is found in the category %s', async (category) => {
    await createBlueGreen(`in-${category}`);
    const { stdout } = await run('kubectl', ['get', category, '-n', namespace, '-o', 'name']);
    expect(stdout).toContain(`bluegreen.headway.dev/in-${category}\n`);
  });
});
