// SPDX-License-Identifier: Apache-2.0
// What others do to the objects of a release.
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { UNREADY } from '../../bench/api/pods-stand-in.ts';
import type { Condition } from '../../operator/api/conditions.ts';
import { Canary } from '../../operator/api/kinds.ts';
import { resources } from '../../operator/kube/resources.ts';
import { ask, giveTime, isPromoted, isRolledBack, readStatus, release, stays } from '../e2e/support/acts.ts';
import { demoService } from '../apps/manifests.ts';
import { applyObjects } from '../e2e/support/kubectl.ts';
import { resourceOf } from '../e2e/support/kinds.ts';
import { canaryObject, shopDeployment } from '../e2e/support/objects.ts';
import { waitFor } from '../e2e/support/wait.ts';
import { admin } from '../e2e/support/world.ts';
import { isMidway, toMiddle, waitsForPerson } from './rig/middle.ts';
import { isGone, untilReplicas } from './rig/objects.ts';
import { setReady } from './rig/readiness.ts';
import { tellRows } from './rig/rows.ts';
import { type Scene, until, untilSaid } from './rig/scene.ts';

function isConflictWith({ kind }: Scene): (condition: Condition) => boolean {
  const governs = `${kind} shop already governs Deployment shop and `;
  return ({ type, status, reason, message }) =>
    type === 'Ready' &&
    status === 'False' &&
    reason === 'Conflict' &&
    message.startsWith(governs) &&
    message.includes('; nothing is written for this one until');
}

tellRows([
  {
    id: 'F13',
    title: 'target deleted and made anew with the next version',
    modes: ['route', 'ratio'],
    ...waitsForPerson,
    strike: async (scene) => {
      const { namespace, mode, replicas } = scene;
      await toMiddle(scene);
      await admin().delete(resources.deployments, { namespace, name: 'shop' });
      const absent = `Deployment shop is not in namespace ${namespace}; it is taken up as soon as it is`;
      await untilSaid(scene, 'TargetNotFound', absent);
      await applyObjects([shopDeployment({ namespace, mode, replicas, version: '1.1.0' })]);
      await until(scene, 'the release to go on', ({ phase }) => phase === 'Paused');
      await ask(scene, 'promote');
    },
  },
  {
    id: 'F59',
    title: 'a third version during the canary and during the promotion',
    modes: ['route', 'ratio'],
    strike: async (scene) => {
      await toMiddle(scene);
      await release(scene, '1.2.0');
      await until(scene, 'the promotion', ({ stage }) => stage === 'Promoting');
      await release(scene, '1.3.0');
    },
    end: isPromoted('1.3.0'),
  },
  {
    id: 'F59',
    title: 'a third version during the rollback',
    modes: ['route', 'ratio'],
    ...waitsForPerson,
    strike: async (scene) => {
      await toMiddle(scene);
      await ask(scene, 'abort');
      await toMiddle(scene, '1.2.0');
      expect((await readStatus(scene.namespace, scene.kind)).stable?.version).toBe('1.0.0');
      await ask(scene, 'promote');
    },
    end: isPromoted('1.2.0'),
  },
  {
    id: 'F09',
    title:
      'an operator of another version goes on: a status with fields that it does not know, and without others',
    modes: ['route', 'ratio'],
    ...waitsForPerson,
    strike: async (scene) => {
      const { namespace, proxy } = scene;
      await toMiddle(scene);
      proxy.cut();
      const foreign = { later: { deep: true }, allowedActions: null, selector: null, next: null };
      await admin().mergePatch(
        resourceOf(scene.kind),
        { namespace, name: 'shop' },
        { patch: { status: foreign }, fieldManager: 'other-version', subresource: 'status' },
      );
      await scene.restart();
      await until(
        scene,
        'what was left out to be back at the same step and weight',
        (status) => isMidway(scene, '1.1.0')(status) && (status.allowedActions ?? []).includes('promote'),
      );
      await ask(scene, 'promote');
    },
  },
  {
    id: 'F57',
    title: 'the stable revision scaled to 0, twice',
    modes: ['route', 'ratio'],
    ...waitsForPerson,
    strike: async (scene) => {
      await toMiddle(scene);
      const { stable } = await readStatus(scene.namespace, scene.kind);
      const name = `shop-${stable?.revision ?? ''}`;
      // what this step has to drain has gone
      const wanted = scene.kind === 'Canary' && scene.mode === 'ratio' ? 1 : 2;
      await untilReplicas(scene, name, wanted);
      for (const count of [1, 2]) {
        const change = { patch: { spec: { replicas: 0 } }, fieldManager: 'somebody' };
        await admin().mergePatch(resources.deployments, { namespace: scene.namespace, name }, change);
        const { fights = {} } = await until(
          scene,
          'the name of who did it',
          (status) => status.fights?.[`replicas of Deployment ${name}`]?.count === count,
        );
        expect(Object.values(fights)).toEqual([expect.objectContaining({ manager: 'somebody' })]);
        await untilReplicas(scene, name, wanted);
      }
      await until(scene, 'the middle again', isMidway(scene, '1.1.0'));
      await ask(scene, 'promote');
    },
  },
  {
    id: 'F58',
    title: 'the Service deleted in a release and made anew',
    ...waitsForPerson,
    strike: async (scene) => {
      const { namespace } = scene;
      await toMiddle(scene);
      await admin().delete(resources.services, { namespace, name: 'shop' });
      const absent = `Service shop is not in namespace ${namespace}; it is taken up as soon as it is`;
      await untilSaid(scene, 'ServiceNotFound', absent);
      await applyObjects([demoService({ name: 'shop', namespace })]);
      await until(scene, 'the release to go on', ({ phase }) => phase === 'Paused');
      await ask(scene, 'promote');
    },
  },
  {
    id: 'F60',
    title: 'canary pods that never get ready',
    modes: ['route', 'ratio'],
    blueGreen: {},
    strike: async (scene) => {
      const { namespace } = scene;
      const metadata = { annotations: { [UNREADY]: 'as the test wants' } };
      await admin().mergePatch(
        resources.deployments,
        { namespace, name: 'shop' },
        { patch: { spec: { template: { metadata } } }, fieldManager: 'release-pipeline' },
      );
      await until(scene, 'the wait for pods', ({ message }) => /waits for \d+ ready/.test(message ?? ''));
      await giveTime(scene, '10s');
    },
    end: (status) =>
      isRolledBack(status) &&
      status.failure?.reason === 'DeadlineExceeded' &&
      /ready/.test(status.failure.message) &&
      status.stable?.version === '1.0.0',
  },
  {
    id: 'F61',
    title: 'stable pods die, and then an abort',
    spec: waitsForPerson.spec,
    strike: async (scene) => {
      await toMiddle(scene);
      const { stable } = await until(scene, 'a stable revision', (status) => status.stable !== undefined);
      await setReady(scene, stable?.revision ?? '', false);
      await delay(1_000);
      await ask(scene, 'abort');
      const nobody = 'Service shop has no ready pod to take the traffic back; weight held at 50%';
      await untilSaid(scene, 'NoStableEndpoints', nobody);
      await stays(scene, 'the weight on the side that lives', ({ weight }) => weight?.route === 50, 5_000);
      await setReady(scene, stable?.revision ?? '', true);
    },
    end: isRolledBack,
  },
  {
    id: 'F63',
    title: 'namespace deleted in a release',
    modes: ['route', 'ratio'],
    ...waitsForPerson,
    strike: async (scene) => {
      await toMiddle(scene);
      const { namespace } = scene;
      await admin().delete(resources.namespaces, { name: namespace });
      await waitFor({
        what: `namespace ${namespace} to be gone`,
        withinMs: 120_000 * scene.patience,
        probe: async () => (await isGone('namespaces', { name: namespace })) || undefined,
      });
    },
    end: ({ observedGeneration }) => observedGeneration === -1,
    // what is deleted under its hands is not ordered any more
    excuse: /I6: .* was forbidden$/,
  },
  {
    id: 'F64',
    title: 'a second Canary on the same Deployment and Service',
    blueGreen: {},
    strike: async (scene) => {
      const { namespace, mode } = scene;
      const second = canaryObject(namespace, mode, waitsForPerson.spec) as { metadata: object };
      await applyObjects([{ ...second, metadata: { ...second.metadata, name: 'late' } }]);
      await waitFor({
        what: 'the second one to say Conflict',
        withinMs: 20_000 * scene.patience,
        probe: async () => {
          const late = await admin().get(resources.canaries, { namespace, name: 'late' });
          const { conditions = [] } = Canary.parse(late).status ?? { observedGeneration: -1 };
          return conditions.some(isConflictWith(scene)) || undefined;
        },
      });
      await release(scene, '1.1.0');
      await until(scene, 'the first to go on alone', isPromoted('1.1.0'), 60_000);
      await admin().delete(resources.canaries, { namespace, name: 'late' });
      await waitFor({
        what: 'the second one to be gone',
        withinMs: 20_000 * scene.patience,
        probe: async () => (await isGone('canaries', { namespace, name: 'late' })) || undefined,
      });
    },
    others: ['late'],
  },
]);
