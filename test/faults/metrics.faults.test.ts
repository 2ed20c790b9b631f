// SPDX-License-Identifier: Apache-2.0
// What is no evidence is neither pass nor fail, and nobody else notices.
import { afterAll, expect, it } from '@jest/globals';
import { API_VERSION } from '../../operator/api/group.ts';
import { ask, isAt, isPromoted, release, stays } from '../e2e/support/acts.ts';
import { applyObjects } from '../e2e/support/kubectl.ts';
import type { BlueGreenSpecInput, CanarySpecInput } from '../e2e/support/objects.ts';
import {
  type MetricsStandIn,
  type Misbehaviour,
  misbehaviours,
  startMetricsStandIn,
} from './metrics-stand-in.ts';
import { comeToRest, expectKept, inTurn, LIMIT_MS, tellRows } from './rig/rows.ts';
import { openScene, type Scene, until, untilAdopted } from './rig/scene.ts';
import { createSlots } from './rig/slots.ts';

const metrics: MetricsStandIn = await startMetricsStandIn();

function checksBy(provider: string) {
  const times = { interval: '1s', window: '10s' };
  return { checks: [{ name: 'errors', provider, query: 'errors', min: 0.5, ...times }] };
}

function judgedBy(provider: string, duration: string): CanarySpecInput {
  return {
    steps: [{ setWeight: 50 }, { pause: { duration } }],
    analysis: checksBy(provider),
    onNoData: 'Rollback',
    noDataDeadline: '10m',
  };
}

/** A preview that is judged for so long before it is promoted. */
function previewedBy(provider: string, duration: string): BlueGreenSpecInput {
  const prePromotion = { ...checksBy(provider), duration };
  return { prePromotion, onNoData: 'Rollback', noDataDeadline: '10m' };
}

async function provide(provider: string, address: string): Promise<void> {
  const spec = { type: 'Prometheus', address, timeout: '3s' };
  await applyObjects([
    { apiVersion: API_VERSION, kind: 'MetricsProvider', metadata: { name: provider }, spec },
  ]);
}

/** One release that stands at half of the traffic while Prometheus misbehaves in one way after the other. */
let opened: Promise<Scene> | undefined;

async function openJudged(): Promise<Scene> {
  await provide('odd', metrics.address('odd'));
  const scene = await openScene({ title: 'F46-F54', mode: 'route', spec: judgedBy('odd', '1h') });
  await untilAdopted(scene);
  await release(scene, '1.1.0');
  return scene;
}

afterAll(async () => {
  await (await opened)?.close();
  await metrics.close();
});

async function hold({ answer, says }: Misbehaviour): Promise<void> {
  const scene = await (opened ??= openJudged());
  await until(scene, 'good samples at half of the traffic', (status) => {
    const [check] = status.analysis?.background?.checks ?? [];
    return isAt(1, 50)(status) && status.phase !== 'Holding' && (check?.good ?? 0) > 0;
  });
  metrics.misbehave('odd', answer);
  try {
    const held = await until(scene, 'the hold', ({ phase }) => phase === 'Holding');
    expect(held.message).toMatch(says);
    expect(held.conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: 'False', reason: 'NoData' }),
    );
    await stays(
      scene,
      'the weight',
      ({ weight, stage }) => weight?.desired === 50 && stage === 'Stepping',
      3_000,
    );
  } finally {
    metrics.behave('odd');
  }
  await until(scene, 'the hold to end', ({ phase }) => phase !== 'Holding');
}

const oneByOne = createSlots(1);

for (const [title, how] of Object.entries(misbehaviours)) {
  it.concurrent(
    `${how.row} Prometheus answers with ${title}: held, then on`,
    () => oneByOne(() => hold(how)),
    LIMIT_MS,
  );
}

it.concurrent(
  'F46-F53 after all of that the release goes on where it was, and nothing is lost',
  async () => {
    const scene = await oneByOne(async () => {
      const held = await (opened ??= openJudged());
      await ask(held, 'promote');
      const status = await until(held, 'the promotion', isPromoted('1.1.0'));
      expect(status.history?.map(({ outcome }) => outcome)).toEqual(['Promoted']);
      return held;
    });
    expectKept(scene, await comeToRest(scene));
  },
  LIMIT_MS,
);

it.concurrent(
  'F47 a release that nobody judges does not wait for the metrics of others',
  async () => {
    const scene = await inTurn(async () => {
      const unjudged = await openScene({ title: 'F47 neighbour', mode: 'route' });
      await untilAdopted(unjudged);
      return unjudged;
    });
    try {
      await release(scene, '1.1.0');
      await until(scene, 'the promotion', ({ stable }) => stable?.version === '1.1.0', 20_000);
    } finally {
      await scene.close();
    }
  },
  LIMIT_MS,
);

tellRows([
  {
    id: 'F46',
    title: 'Prometheus is down before the release begins',
    spec: judgedBy('odd-before', '5s'),
    blueGreen: { spec: previewedBy('odd-before-preview', '5s') },
    strike: async (scene) => {
      const provider = scene.kind === 'Canary' ? 'odd-before' : 'odd-before-preview';
      await provide(provider, 'http://127.0.0.1:1');
      await release(scene, '1.1.0');
      const held = await until(scene, 'the hold', ({ phase }) => phase === 'Holding');
      expect(held.message).toMatch(/connection refused/);
      await stays(scene, 'the stage', ({ stage }) => stage === 'Stepping', 12_000);
      await provide(provider, metrics.address(provider));
    },
  },
  {
    id: 'F47',
    title: 'Prometheus goes away while a preview is judged',
    modes: [],
    blueGreen: { spec: previewedBy('odd-preview', '8s') },
    strike: async (scene) => {
      await provide('odd-preview', metrics.address('odd-preview'));
      await release(scene, '1.1.0');
      await until(scene, 'a good sample', ({ analysis }) => (analysis?.step?.checks[0]?.good ?? 0) > 0);
      metrics.misbehave('odd-preview', (response) => void response.writeHead(503).end());
      const { message } = await until(scene, 'the hold', ({ phase }) => phase === 'Holding');
      expect(message).toMatch(
        /^step 2\/3, preview of 1\.1\.0; errors: no data from odd-preview .*; promotion held$/,
      );
      // longer than it would have been judged for
      await stays(scene, 'the stage', ({ stage }) => stage === 'Stepping', 10_000);
      metrics.behave('odd-preview');
    },
  },
]);
