// SPDX-License-Identifier: Apache-2.0
// What the API server answers, or does not.
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { resources } from '../../operator/kube/resources.ts';
import { isPromoted, release } from '../e2e/support/acts.ts';
import { admin } from '../e2e/support/world.ts';
import { refusal } from './proxy/effects.ts';
import { tellRows } from './rig/rows.ts';
import { type Scene, until } from './rig/scene.ts';

/** Every so many writes meet the fault, from now on. */
function everyNth(
  scene: Scene,
  n: number,
  fault: Parameters<Scene['proxy']['rule']>[0]['fault'],
): () => void {
  const rules = Array.from({ length: 20 }, (_, index) =>
    scene.proxy.rule({ when: { verb: 'write' }, fault, nth: 1 + index * n }),
  );
  return () => {
    for (const takeBack of rules) takeBack();
  };
}

/** A release from its first write to its end, with every nth write struck. */
async function strikeRelease(scene: Scene, n: number, fault: Parameters<typeof everyNth>[2]): Promise<void> {
  const over = everyNth(scene, n, fault);
  await release(scene, '1.1.0');
  await until(scene, 'the end of the storm', isPromoted('1.1.0'), 60_000);
  over();
}

/** A write whose answer was lost is made again, and changes nothing the second time: three become up to six. */
const TRIED_AGAIN = /^I8: [456] writes to/;

const modes = ['route', 'gateway', 'ratio'] as const;

tellRows([
  {
    id: 'F27',
    title: '429 with Retry-After',
    modes,
    strike: (scene) =>
      strikeRelease(scene, 3, { kind: 'answer', answer: { status: 429, headers: { 'retry-after': '1' } } }),
  },
  {
    id: 'F28',
    title: '409 to every other write',
    blueGreen: {},
    modes,
    strike: (scene) =>
      strikeRelease(scene, 2, { kind: 'answer', answer: refusal(409, 'Conflict', 'somebody was faster') }),
  },
  {
    id: 'F28',
    title: 'a rival that writes the Service fifty times a second',
    blueGreen: {},
    modes,
    strike: async (scene) => {
      const rival = startRival(scene);
      await delay(1_000);
      await release(scene, '1.1.0');
      await until(scene, 'the promotion in the storm', isPromoted('1.1.0'), 60_000);
      expect(await rival.stop()).toBeGreaterThan(25);
    },
  },
  {
    id: 'F29',
    title: '500 although the write was applied',
    blueGreen: {},
    excuse: TRIED_AGAIN,
    modes,
    strike: (scene) =>
      strikeRelease(scene, 2, { kind: 'applied', answer: refusal(500, 'InternalError', 'etcd says no') }),
  },
  {
    id: 'F29',
    title: '503 although the write was applied',
    excuse: TRIED_AGAIN,
    strike: (scene) => strikeRelease(scene, 2, { kind: 'applied', answer: { status: 503 } }),
  },
  {
    id: 'F29',
    title: 'an answer that breaks off in the middle',
    excuse: TRIED_AGAIN,
    modes: ['route', 'gateway'],
    strike: (scene) => strikeRelease(scene, 2, { kind: 'truncate' }),
  },
  {
    id: 'F02',
    title: 'an answer that is lost',
    blueGreen: {},
    excuse: TRIED_AGAIN,
    modes,
    strike: (scene) => strikeRelease(scene, 2, { kind: 'lose' }),
  },
  {
    id: 'F02',
    title: 'a call that reaches the API server twice',
    excuse: TRIED_AGAIN,
    modes,
    strike: (scene) => strikeRelease(scene, 1, { kind: 'twice' }),
  },
  {
    id: 'F29',
    title: 'a call that does not reach the API server',
    modes: ['route', 'gateway'],
    strike: (scene) => strikeRelease(scene, 2, { kind: 'drop' }),
  },
  {
    id: 'F29',
    title: 'answers that come two seconds late',
    strike: (scene) => strikeRelease(scene, 1, { kind: 'delay', ms: 2_000 }),
  },
]);

/** Somebody with a token of their own who changes the Service all the time, and nothing that is ours. */
function startRival({ namespace }: Scene): { stop(): Promise<number> } {
  const ref = { namespace, name: 'shop' };
  let isOver = false;
  async function write(): Promise<number> {
    for (let count = 0; ; count += 1) {
      if (isOver) return count;
      const patch = { metadata: { annotations: { rival: String(count) } } };
      const next = delay(20);
      await admin().mergePatch(resources.services, ref, { patch, fieldManager: 'rival' });
      await next;
    }
  }
  const writes = write();
  return {
    stop() {
      isOver = true;
      return writes;
    },
  };
}
