// SPDX-License-Identifier: Apache-2.0
// What the operator hears, or does not.
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { isAt, isPromoted, release, stays } from '../e2e/support/acts.ts';
import { type FaultRow, tellRows } from './rig/rows.ts';
import { type Scene, until } from './rig/scene.ts';

const watches = { verb: 'watch' } as const;

/** Stops between the two halves of a release. */
const halfway = { steps: [{ setWeight: 50 }, { pause: { duration: '5s' } }] };

async function toHalf(scene: Scene): Promise<void> {
  await release(scene, '1.1.0');
  await until(scene, 'half of the traffic', isAt(1, 50));
}

/** Lists that were answered; what the API server does not serve is asked for every half minute, fault or not. */
function listed({ proxy }: Scene): number {
  return proxy.seen({ verb: 'list' }).filter(({ status }) => status === 200).length;
}

/** An event of this kind comes on every watch, and what it does to a reflector must stay bounded. */
function inject(id: string, title: string, event: object, lists: number): FaultRow {
  return {
    id,
    title,
    spec: halfway,
    strike: async (scene) => {
      await toHalf(scene);
      const before = listed(scene);
      const open = scene.proxy.open(watches);
      expect(open).toBeGreaterThan(5);
      scene.proxy.inject(watches, event);
      await until(scene, 'the end of the release', isPromoted('1.1.0'), 60_000);
      expect(listed(scene) - before).toBeLessThanOrEqual(lists * open);
    },
  };
}

const errorEvent = (code: number, reason: string): object => ({
  type: 'ERROR',
  object: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: reason },
});

tellRows([
  inject('F19', '410 as an ERROR event', errorEvent(410, 'Expired'), 1),
  inject('F19', '500 as an ERROR event', errorEvent(500, 'InternalError'), 0),
  inject('F20', 'an event of an unknown type', { type: 'PERHAPS', object: { metadata: { name: 'x' } } }, 0),
  {
    id: 'F18',
    title: '410 at the start of every watch, three times',
    spec: halfway,
    strike: async (scene) => {
      await toHalf(scene);
      const open = scene.proxy.open(watches);
      const before = listed(scene);
      const answer = {
        status: 410,
        body: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' },
      };
      scene.proxy.rule({ when: watches, fault: { kind: 'answer', answer }, times: 3 * open });
      scene.proxy.cut();
      scene.proxy.mend();
      await until(scene, 'the end of the release', isPromoted('1.1.0'), 60_000);
      expect(listed(scene) - before).toBeLessThanOrEqual(6 * open);
    },
  },
  {
    id: 'F21',
    title: 'watches that fall silent',
    spec: halfway,
    strike: async (scene) => {
      scene.proxy.silence(watches);
      await release(scene, '1.1.0');
      const since = performance.now();
      await until(scene, 'the release to be noticed', ({ stage }) => stage === 'Stepping', 100_000);
      expect(performance.now() - since).toBeLessThan(95_000 * scene.patience);
    },
  },
  {
    id: 'F17',
    title: 'pods that were unready while nobody heard of it',
    spec: halfway,
    strike: async (scene) => {
      await toHalf(scene);
      const release = scene.proxy.hold({ verb: 'watch', resource: 'endpointslices' });
      await delay(3_000);
      release();
    },
  },
  {
    id: 'F14',
    title: 'own writes that are heard of seconds later',
    modes: ['route', 'ratio'],
    strike: async (scene) => {
      const hear = [
        scene.proxy.hold({ verb: 'watch', resource: 'canaries' }),
        scene.proxy.hold({ verb: 'watch', resource: 'services' }),
      ];
      await release(scene, '1.1.0');
      const before = scene.proxy.seen({ verb: 'create', resource: 'deployments' }).length;
      await delay(6_000);
      for (const listen of hear) listen();
      await until(scene, 'the end of the release', isPromoted('1.1.0'), 60_000);
      expect(
        scene.proxy.seen({ verb: 'create', resource: 'deployments' }).length - before,
      ).toBeLessThanOrEqual(1);
    },
  },
  {
    id: 'F12',
    title: 'LIST answers an old snapshot after a restart',
    modes: ['route', 'ratio'],
    spec: halfway,
    strike: async (scene) => {
      await toHalf(scene);
      const held = ['deployments', 'services', 'ingresses', 'endpointslices', 'pods'].flatMap((resource) => {
        const current = scene.proxy.rule({ when: { verb: 'list', resource }, fault: { kind: 'replay' } });
        return [current, scene.proxy.hold({ verb: 'watch', resource })];
      });
      scene.proxy.cut();
      await scene.restart();
      await delay(5_000);
      for (const letGo of held) letGo();
    },
  },
  {
    id: 'F62',
    title: 'EndpointSlices are heard of ten seconds late',
    modes: ['route', 'ratio'],
    spec: halfway,
    strike: async (scene) => {
      await toHalf(scene);
      const hear = scene.proxy.hold({ verb: 'watch', resource: 'endpointslices' });
      await stays(
        scene,
        'nothing is stable before its EndpointSlices say so',
        ({ stable }) => stable?.version === '1.0.0',
        10_000,
      );
      hear();
    },
  },
]);
