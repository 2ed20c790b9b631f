// SPDX-License-Identifier: Apache-2.0
// What the API server forbids, and an API server that is away.
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { resources } from '../../operator/kube/resources.ts';
import { ask, giveTime, isRolledBack, release } from '../e2e/support/acts.ts';
import { admin } from '../e2e/support/world.ts';
import { refusal } from './proxy/effects.ts';
import { standsFor, toMiddle, waitsForPerson } from './rig/middle.ts';
import { tellRows } from './rig/rows.ts';
import { type Scene, until } from './rig/scene.ts';

const modes = ['route', 'ratio'] as const;

/** What moves the traffic: the object that is written, and how the API server calls its resource. */
const MOVERS = {
  route: { resource: 'ingresses', called: 'ingresses.networking.k8s.io', name: 'shop-canary' },
  gateway: { resource: 'httproutes', called: 'httproutes.gateway.networking.k8s.io', name: 'shop' },
  ratio: { resource: 'services', called: 'services', name: 'shop' },
} as const;

tellRows([
  {
    id: 'F32',
    title: '403 on what moves the traffic in a release',
    modes: ['route', 'gateway'],
    blueGreen: waitsForPerson.blueGreen,
    strike: async (scene) => {
      const { resource, called, name } = MOVERS[scene.mode === 'traefik' ? 'gateway' : scene.mode];
      const message = `${called} "${name}" is forbidden: no longer granted`;
      const patches = { verb: 'patch', resource, name } as const;
      if (scene.kind === 'BlueGreen') await toMiddle(scene);
      const mend = scene.proxy.rule({
        when: patches,
        fault: { kind: 'answer', answer: refusal(403, 'Forbidden', message) },
      });
      await (scene.kind === 'BlueGreen' ? ask(scene, 'promote') : release(scene, '1.1.0'));
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
          message: `may not patch ${called} in namespace ${scene.namespace}: ${message}`,
        }),
      );
      expect(weight?.observed ?? 0).toBe(0);
      const from = scene.proxy.seen(patches).length;
      await delay(8_000);
      const tries = scene.proxy.seen(patches).length - from;
      expect(tries).toBeLessThan(15);
      mend();
    },
  },
  {
    id: 'F36',
    title: 'quota on pods',
    modes: ['route'],
    blueGreen: {},
    strike: async (scene) => {
      await quota(scene, { pods: '2' });
      await release(scene, '1.1.0');
      await until(
        scene,
        'the words of the quota',
        ({ message }) => message?.includes('exceeded quota') === true,
      );
      await giveTime(scene, '10s');
    },
    end: isRefused(/exceeded quota/),
  },
  {
    id: 'F36',
    title: 'quota on Deployments',
    modes,
    blueGreen: {},
    excuse: /^\S+ I6: create of deployments\/\S+ was forbidden$/,
    strike: async (scene) => {
      await quota(scene, { 'count/deployments.apps': '2' });
      await release(scene, '1.1.0');
      await until(scene, 'the words of the quota', ({ conditions = [] }) =>
        conditions.some(
          ({ reason, message }) => reason === 'Forbidden' && message.includes('exceeded quota'),
        ),
      );
      await giveTime(scene, '10s');
    },
    end: isRefused(/may not create deployments.apps in namespace .* exceeded quota/),
  },
  {
    id: 'F36',
    title: 'pod security denies',
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
      await giveTime(scene, '10s');
    },
    end: isRefused(/violates PodSecurity/),
  },
  {
    id: 'F25',
    title: 'API server away while a step waits',
    modes,
    ...standsFor('10s'),
    strike: async (scene) => {
      await toMiddle(scene);
      await giveTime(scene, '15s');
      scene.proxy.cut();
      await delay(18_000);
      scene.proxy.mend();
    },
    outageMs: 18_000,
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
