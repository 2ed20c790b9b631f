// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { KubeClient } from '../../operator/kube/client.ts';
import { isConflict, isNotFound } from '../../operator/kube/errors.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { resources } from '../../operator/kube/resources.ts';
import { type Watched, watchResource } from '../watched.ts';
import { nodeName, startNodeStandIn } from './node-stand-in.ts';

/** A pod with this annotation is bound, but never made ready. */
export const UNREADY = 'test.headway.dev/unready';

interface PodView {
  namespace: string;
  name: string;
  container: string;
  image: string;
  isReady: boolean;
  mayBeReady: boolean;
  isEnding: boolean;
  isBound: boolean;
}

const PodShape = z.looseObject({
  spec: z.looseObject({
    nodeName: z.string().optional(),
    containers: z.array(z.looseObject({ name: z.string(), image: z.string() })).min(1),
  }),
  status: z
    .looseObject({
      conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]),
    })
    .prefault({}),
});

function viewOf(object: KubeObject): PodView {
  const { metadata } = object;
  const { spec, status } = PodShape.parse(object);
  const [container] = spec.containers;
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    container: container?.name ?? '',
    image: container?.image ?? '',
    mayBeReady: metadata.annotations?.[UNREADY] === undefined,
    isReady: status.conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
    isEnding: metadata.deletionTimestamp !== undefined,
    isBound: spec.nodeName !== undefined,
  };
}

export interface PodsStandIn {
  stop(): Promise<void>;
}

/**
 * Stands in for scheduler and kubelet where no pod runs: every pod is at once bound, running and ready, and gone when
 * it is deleted, by its objects alone. All else is real: the controllers of Deployments, ReplicaSets and
 * EndpointSlices work from those.
 */
export async function startPodsStandIn(client: KubeClient): Promise<PodsStandIn> {
  const endNode = await startNodeStandIn(client);
  let addresses = 0;
  let failure: unknown;

  async function attend(pod: PodView): Promise<void> {
    try {
      if (pod.isEnding) await client.delete(resources.pods, pod, { gracePeriodSeconds: 0 });
      else if (!pod.isBound) await bind(client, pod);
      else if (!pod.isReady && pod.mayBeReady) await makeReady(client, pod, (addresses += 1));
    } catch (error) {
      // somebody has deleted or bound it meanwhile; the next event says so
      if (!isNotFound(error) && !isConflict(error)) failure ??= error;
    }
  }

  const watched: Watched<PodView> = await watchResource({
    client,
    resource: resources.pods,
    project: viewOf,
    onChange: ({ type, entry }) => {
      if (type !== 'delete') void attend(entry.value);
    },
  });
  return {
    async stop() {
      await watched.stop();
      endNode();
      if (failure !== undefined) throw new Error('a pod could not be attended to', { cause: failure });
    },
  };
}

async function bind(client: KubeClient, { namespace, name }: PodView): Promise<void> {
  const body = {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { namespace, name },
    target: { apiVersion: 'v1', kind: 'Node', name: nodeName },
  };
  await client.raw('POST', `/api/v1/namespaces/${namespace}/pods/${name}/binding`, { body });
}

async function makeReady(client: KubeClient, pod: PodView, address: number): Promise<void> {
  const ip = `10.${(address >> 16) & 255}.${(address >> 8) & 255}.${address & 255}`;
  const patch = { status: readyStatus(pod, ip) };
  await client.mergePatch(resources.pods, pod, { patch, subresource: 'status' });
}

function readyStatus({ container, image }: PodView, ip: string): object {
  const now = new Date().toISOString();
  const started = { running: { startedAt: now } };
  return {
    phase: 'Running',
    startTime: now,
    podIP: ip,
    podIPs: [{ ip }],
    conditions: ['Initialized', 'PodScheduled', 'ContainersReady', 'Ready'].map((type) => ({
      type,
      status: 'True',
      lastTransitionTime: now,
    })),
    containerStatuses: [
      { name: container, image, imageID: image, ready: true, started: true, restartCount: 0, state: started },
    ],
  };
}
