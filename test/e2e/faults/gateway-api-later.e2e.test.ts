// SPDX-License-Identifier: Apache-2.0
import { it } from '@jest/globals';
import { Reasons } from '../../../operator/api/reasons.ts';
import { installGatewayApi, removeGatewayApi } from '../../cluster/gateway-api.ts';
import { gatewayManifests } from '../../cluster/node/config/manifests.ts';
import { isAt, isPromoted, readStatus, release, until } from '../support/acts.ts';
import { applyObjects, kubectl } from '../support/kubectl.ts';
import { type CanarySpecInput, canaryObject, shopObjects } from '../support/objects.ts';
import { type Operator, startOperator } from '../support/operator.ts';
import { finishStory } from '../support/stories.ts';
import { beginStory, firstVersion, namespaceOf } from '../support/story.ts';
import { waitFor } from '../support/wait.ts';

const title = 'Gateway API installed later';
const pickedUpWithinMs = 60_000;
const spec: CanarySpecInput = { steps: [{ setWeight: 25 }, { pause: { duration: '3s' } }] };
const early = namespaceOf('gateway api later', 'gateway');
const other = namespaceOf('gateway api later', 'ratio');

// A cluster without the Gateway API, as most are. A Canary that asks for it waits, every other one is served.
it(`${title}: picked up within a minute, without a restart`, async () => {
  await removeGatewayApi(kubectl);
  const operator = await startOperator({
    name: 'gateway-api-later',
    kubeconfig: process.env['HEADWAY_KUBECONFIG'] ?? '',
    namespaces: [early, other],
    port: 9141,
  });
  try {
    await tell(operator);
  } finally {
    await bringGatewayApi();
    await operator.stop('SIGKILL');
  }
}, 420_000);

async function tell({ logPath: operatorLog }: Operator): Promise<void> {
  await putUpShopWithoutRoute();
  await waitFor({
    what: 'the Canary to say what is missing',
    withinMs: 90_000,
    probe: async () => {
      const { message = '', conditions = [] } = await readStatus(early);
      const isSaid = message.includes(
        'the API server does not serve HTTPRoute (gateway.networking.k8s.io/v1)',
      );
      return isSaid &&
        conditions.some(({ type, reason }) => type === 'Ready' && reason === Reasons.RouteKindNotServed)
        ? true
        : undefined;
    },
  });
  const served = await beginStory({ title, mode: 'ratio', namespace: other, spec, operatorLog });
  await finishStory(served, {
    spec,
    body: async (story) => {
      await release(story, '1.1.0');
      await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
    },
  });
  await bringGatewayApi();
  const tookMs = await pickedUp();
  const late = await beginStory({ title, mode: 'gateway', namespace: early, spec, operatorLog });
  await finishStory(late, {
    spec,
    body: async (story) => {
      story.notes.push(`noticed ${(tookMs / 1000).toFixed(0)} s after the installation`);
      await release(story, '1.1.0');
      await until(story, 'the weight of 1.1.0', isAt(1, 25));
      await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
    },
  });
}

/** Waits until the Canary misses no longer the kind, but the route alone; answers after how many ms. */
async function pickedUp(): Promise<number> {
  const installedAtMs = performance.now();
  return waitFor({
    what: 'the operator to know HTTPRoutes',
    withinMs: pickedUpWithinMs,
    probe: async () => {
      const { conditions = [] } = await readStatus(early);
      const isKnown = conditions.some(
        ({ type, reason }) => type === 'Ready' && reason === Reasons.RouteNotFound,
      );
      return isKnown ? performance.now() - installedAtMs : undefined;
    },
  });
}

async function putUpShopWithoutRoute(): Promise<void> {
  await applyObjects([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: early } }]);
  await applyObjects(shopObjects({ namespace: early, mode: 'ratio', version: firstVersion, replicas: 4 }));
  await applyObjects([canaryObject(early, 'gateway', spec)]);
}

async function bringGatewayApi(): Promise<void> {
  await installGatewayApi(kubectl);
  await applyObjects(gatewayManifests());
}
