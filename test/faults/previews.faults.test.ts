// SPDX-License-Identifier: Apache-2.0
// What befalls a BlueGreen alone: its preview, its two Services, and the one write that moves all traffic.
import { expect } from '@jest/globals';
import { Labels } from '../../operator/api/group.ts';
import type { RolloutStatus } from '../../operator/api/rollout-status.ts';
import { resources } from '../../operator/kube/resources.ts';
import { demoService } from '../apps/manifests.ts';
import type { AuditWrite } from '../e2e/audit/log.ts';
import { ask, isRolledBack, readStatus } from '../e2e/support/acts.ts';
import { admin, operatorUser } from '../e2e/support/world.ts';
import { isMidway, request, toMiddle, waitsForPerson } from './rig/middle.ts';
import { isGone, selectorOf, untilNamed, untilReplicas } from './rig/objects.ts';
import { tellRows } from './rig/rows.ts';
import { type Scene, until, untilCut } from './rig/scene.ts';

const isBaking = ({ stage }: RolloutStatus): boolean => stage === 'Baking';

/** Writes of the operator to the Service of the clients. */
function switches(writes: readonly AuditWrite[]): number {
  return writes.filter(
    ({ user, code, verb, resource, name }) =>
      user === operatorUser && code < 300 && verb === 'patch' && resource === 'services' && name === 'shop',
  ).length;
}

/** Somebody makes a Service name a revision. */
async function point({ namespace }: Scene, service: string, revision: string): Promise<void> {
  const patch = { spec: { selector: { [Labels.revision]: revision } } };
  const change = { patch, fieldManager: 'somebody' };
  await admin().mergePatch(resources.services, { namespace, name: service }, change);
}

/** Resolves when the Service names the revision again and the status says how often it was put back. */
async function untilPutBack(
  scene: Scene,
  { service, revision, count }: { service: string; revision: string; count: number },
): Promise<void> {
  const field = `the selector of Service ${service}`;
  await until(scene, `${field} to be put back`, ({ fights }) => fights?.[field]?.count === count);
  await untilNamed(scene, service, revision);
}

tellRows([
  {
    id: 'F04',
    title: 'a crash between the write of the selector and that of the status, in a switch and in a return',
    modes: [],
    blueGreen: { spec: { autoPromote: false, bake: { duration: '1h' } } },
    strike: async (scene) => {
      await toMiddle(scene);
      for (const [verb, end] of [
        ['promote', isBaking],
        ['abort', isRolledBack],
      ] as const) {
        const when = { verb: 'patch', resource: 'services', name: 'shop' } as const;
        scene.proxy.rule({ when, fault: { kind: 'cutAcked' }, times: 1 });
        await request(scene, verb);
        await untilCut(scene);
        await scene.restart();
        await until(scene, `the end of ${verb}`, end);
      }
    },
    end: isRolledBack,
    // that of the adoption, and one each
    check: (writes) => expect(switches(writes)).toBe(3),
  },
  {
    id: 'F21',
    title: 'watches that fall silent while a preview waits for a person',
    modes: [],
    blueGreen: waitsForPerson.blueGreen,
    strike: async (scene) => {
      await toMiddle(scene);
      scene.proxy.silence({ verb: 'watch' });
      const since = performance.now();
      await ask(scene, 'promote');
      expect(performance.now() - since).toBeLessThan(95_000 * scene.patience);
    },
  },
  {
    id: 'F57',
    title: 'the Service pointed at a preview, and the preview Service elsewhere and deleted',
    modes: [],
    blueGreen: waitsForPerson.blueGreen,
    strike: async (scene) => {
      await toMiddle(scene);
      const { stable, canary } = await readStatus(scene.namespace, scene.kind);
      const [active = '', preview = ''] = [stable?.revision, canary?.revision];
      await point(scene, 'shop', preview);
      await untilPutBack(scene, { service: 'shop', revision: active, count: 1 });
      await point(scene, 'shop-preview', active);
      await untilPutBack(scene, { service: 'shop-preview', revision: preview, count: 1 });
      await admin().delete(resources.services, { namespace: scene.namespace, name: 'shop-preview' });
      await untilPutBack(scene, { service: 'shop-preview', revision: preview, count: 2 });
      await until(scene, 'the preview to stand again', isMidway(scene, '1.1.0'));
      await ask(scene, 'promote');
    },
  },
  {
    id: 'F63',
    title: 'deleted in the middle of a switch',
    modes: [],
    blueGreen: waitsForPerson.blueGreen,
    strike: async (scene) => {
      await toMiddle(scene);
      // a switch ends when the EndpointSlices say so
      const hear = scene.proxy.hold({ verb: 'watch', resource: 'endpointslices' });
      await ask(scene, 'promote');
      await until(scene, 'the switch', ({ stage, weight }) => stage === 'Promoting' && weight?.route === 100);
      await admin().delete(resources.blueGreens, { namespace: scene.namespace, name: 'shop' });
      hear();
    },
    end: ({ observedGeneration }) => observedGeneration === -1,
    check: async (_writes, scene) => {
      const { namespace, replicas } = scene;
      const { selector } = demoService({ name: 'shop', namespace }).spec;
      expect(await selectorOf(scene, 'shop')).toEqual(selector);
      await untilReplicas(scene, 'shop', replicas);
      expect(await isGone('services', { namespace, name: 'shop-preview' })).toBe(true);
    },
  },
]);
