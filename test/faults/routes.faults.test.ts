// SPDX-License-Identifier: Apache-2.0
// What carries the weight, and who is late to serve or to tell it.
import { expect } from '@jest/globals';
import { z } from 'zod';
import type { RolloutStatus } from '../../operator/api/rollout-status.ts';
import { resources } from '../../operator/kube/resources.ts';
import { giveTime, isAt, isRolledBack, readStatus, release, stays } from '../e2e/support/acts.ts';
import { admin } from '../e2e/support/world.ts';
import { silenceGateways } from './rig/gateway-stand-in.ts';
import { standsFor } from './rig/middle.ts';
import { carrierOf, ROUTE_WRITES, routeWrites, tellRows } from './rig/rows.ts';
import { type Scene, until } from './rig/scene.ts';

const Replicas = z.looseObject({ replicas: z.int() });

/** Stops between the two halves of a release. */
const halfway = standsFor('5s').spec;

/** What a Gateway is waited for in; the end of the sentence. */
const LATE = 'waits for Gateway gateways/web to take up HTTPRoute shop';

/** The weight is in the route, and the Gateway has not taken it up. */
function isLateAt(percent: number): (status: RolloutStatus) => boolean {
  return ({ weight, message }) => weight?.route === percent && message?.endsWith(LATE) === true;
}

/** Pods that the Deployment of the canary asks for. */
async function podsOf({ namespace }: Scene): Promise<number> {
  const { canary } = await readStatus(namespace);
  const ref = { namespace, name: `shop-${canary?.revision ?? ''}` };
  const { spec } = await admin().get(resources.deployments, ref);
  return Replicas.parse(spec).replicas;
}

tellRows([
  {
    id: 'F21',
    title: 'the watch of the routes that falls silent, and no other',
    modes: ['route', 'gateway', 'traefik'],
    spec: halfway,
    strike: async (scene) => {
      scene.proxy.silence({ verb: 'watch', resource: carrierOf(scene.mode) });
      const since = performance.now();
      await release(scene, '1.1.0');
      await until(scene, 'half of the traffic', isAt(1, 50), 100_000);
      expect(performance.now() - since).toBeLessThan(95_000 * scene.patience);
    },
    check: (writes, { mode }) => expect(routeWrites(writes, mode)).toBe(ROUTE_WRITES[mode]),
  },
  {
    id: 'F62',
    title: 'a Gateway that takes up the weight ten seconds late',
    modes: ['gateway'],
    spec: halfway,
    strike: async (scene) => {
      const answer = await silenceGateways(scene);
      await release(scene, '1.1.0');
      await until(scene, 'the sentence that says what is waited for', isLateAt(50));
      await stays(
        scene,
        'the weight is not taken for observed',
        ({ weight, step, message }) =>
          weight?.observed === 0 && step?.index === 0 && message?.endsWith(LATE) === true,
        10_000,
      );
      await answer();
    },
    check: (writes, { mode }) => expect(routeWrites(writes, mode)).toBe(ROUTE_WRITES[mode]),
  },
  {
    id: 'F62',
    title: 'a Gateway that never takes up the weight',
    modes: ['gateway'],
    strike: async (scene) => {
      const answer = await silenceGateways(scene);
      await release(scene, '1.1.0');
      await until(scene, 'half of the traffic in the route', isLateAt(50));
      await giveTime(scene, '10s');
      await until(
        scene,
        'the way back, which waits for the Gateway too',
        (status) => status.stage === 'RollingBack' && isLateAt(0)(status),
      );
      const canary = await podsOf(scene);
      expect(canary).toBeGreaterThan(0);
      await stays(scene, 'the weight unconfirmed', ({ stage }) => stage === 'RollingBack', 5_000);
      expect(await podsOf(scene)).toBe(canary);
      await answer();
    },
    end: (status) => isRolledBack(status) && status.failure?.reason === 'DeadlineExceeded',
  },
]);
