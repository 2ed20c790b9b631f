// SPDX-License-Identifier: Apache-2.0
// What the API server answers, or does not.
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { resources } from '../../operator/kube/resources.ts';
import { isAt, isPromoted, isRolledBack, release } from '../e2e/support/acts.ts';
import { admin } from '../e2e/support/world.ts';
import type { OwnAnswer } from './proxy/rules.ts';
import { tellRows } from './rig/rows.ts';
import { type Scene, until } from './rig/scene.ts';

const refusal = (status: number, reason: string, message: string): OwnAnswer => ({
  status,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status, reason, message },
});

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

const modes = ['route', 'ratio'] as const;

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
    modes,
    strike: (scene) =>
      strikeRelease(scene, 2, { kind: 'answer', answer: refusal(409, 'Conflict', 'somebody was faster') }),
  },
  {
    id: 'F28',
    title: 'a rival that writes the Service fifty times a second',
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
    strike: (scene) => strikeRelease(scene, 2, { kind: 'truncate' }),
  },
  {
    id: 'F02',
    title: 'an answer that is lost',
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
    strike: (scene) => strikeRelease(scene, 2, { kind: 'drop' }),
  },
  {
    id: 'F29',
    title: 'answers that come two seconds late',
    strike: (scene) => strikeRelease(scene, 1, { kind: 'delay', ms: 2_000 }),
  },
  {
    id: 'F32',
    title: '403 on the route in a release',
    strike: async (scene) => {
      const message = 'ingresses.networking.k8s.io "shop-canary" is forbidden: no longer granted';
      const mend = scene.proxy.rule({
        when: { verb: 'patch', resource: 'ingresses' },
        fault: { kind: 'answer', answer: refusal(403, 'Forbidden', message) },
      });
      await release(scene, '1.1.0');
      const { conditions = [], weight } = await until(
        scene,
        'the refusal in the status',
        ({ message: text }) => text?.includes('forbidden') === true,
      );
      expect(conditions).toContainEqual(
        expect.objectContaining({
          type: 'Ready',
          status: 'False',
          reason: 'Forbidden',
          message: `may not patch ingresses.networking.k8s.io in namespace ${scene.namespace}: ${message}`,
        }),
      );
      expect(weight?.observed ?? 0).toBe(0);
      const from = scene.proxy.seen({ verb: 'patch', resource: 'ingresses' }).length;
      await delay(8_000);
      const tries = scene.proxy.seen({ verb: 'patch', resource: 'ingresses' }).length - from;
      expect(tries).toBeLessThan(15);
      mend();
    },
  },
  {
    id: 'F36',
    title: 'quota on pods',
    modes: ['route'],
    spec: { progressDeadline: '10s' },
    strike: async (scene) => {
      await quota(scene, { pods: '2' });
      await release(scene, '1.1.0');
      await until(
        scene,
        'the words of the quota',
        ({ message }) => message?.includes('exceeded quota') === true,
      );
    },
    end: isRefused(/exceeded quota/),
  },
  {
    id: 'F36',
    title: 'quota on Deployments',
    modes,
    spec: { progressDeadline: '10s' },
    excuse: /^\S+ I6: create of deployments\/\S+ was forbidden$/,
    strike: async (scene) => {
      await quota(scene, { 'count/deployments.apps': '2' });
      await release(scene, '1.1.0');
      await until(scene, 'the words of the quota', ({ conditions = [] }) =>
        conditions.some(
          ({ reason, message }) => reason === 'Forbidden' && message.includes('exceeded quota'),
        ),
      );
    },
    end: isRefused(/may not create deployments.apps in namespace .* exceeded quota/),
  },
  {
    id: 'F36',
    title: 'pod security denies',
    spec: { progressDeadline: '10s' },
    strike: async (scene) => {
      const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
      await admin().mergePatch(
        resources.namespaces,
        { name: scene.namespace },
        { patch: { metadata: { labels } }, fieldManager: 'administrator' },
      );
      await release(scene, '1.1.0');
      await until(
        scene,
        'the words of admission',
        ({ message }) => message?.includes('PodSecurity') === true,
      );
    },
    end: isRefused(/violates PodSecurity/),
  },
  {
    id: 'F25',
    title: 'API server away while a step waits',
    modes,
    spec: { steps: [{ setWeight: 50 }, { pause: { duration: '10s' } }], progressDeadline: '15s' },
    strike: async (scene) => {
      await release(scene, '1.1.0');
      await until(scene, 'the weight', isAt(1, 50));
      scene.proxy.cut();
      await delay(25_000);
      scene.proxy.mend();
    },
  },
]);

/** Rolled back by the deadline, in words that say why, with stable as it was. */
function isRefused(why: RegExp): (status: Parameters<typeof isRolledBack>[0]) => boolean {
  return (status) =>
    isRolledBack(status) &&
    status.failure?.reason === 'DeadlineExceeded' &&
    why.test(status.failure.message) &&
    status.stable?.version === '1.0.0';
}

async function quota({ namespace }: Scene, hard: Record<string, string>): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/resourcequotas`;
  const metadata = { name: 'small', namespace };
  await admin().raw('POST', path, {
    body: { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard } },
  });
  await untilCounted(`${path}/small`);
}

/** A quota that was never counted refuses everything, which would be another fault. */
async function untilCounted(path: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const quotaObject = JSON.parse(await admin().raw('GET', path)) as { status?: { used?: object } };
    if (quotaObject.status?.used) return;
    await delay(100);
  }
  throw new Error(`${path} was not counted within 10 s`);
}

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
