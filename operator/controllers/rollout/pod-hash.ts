// SPDX-License-Identifier: Apache-2.0
import type { Rollout } from '../../engine/rollout/rollout.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { resources } from '../../kube/resources.ts';
import type { RolloutStores } from './stores.ts';

const REVISION = 'deployment.kubernetes.io/revision';

/**
 * `pod-template-hash` of the newest ReplicaSet of the target: the one label that its own pods have and those of the
 * revisions do not. Read live, because only a deletion needs it and a store of all ReplicaSets would cost memory.
 */
export async function findPodHash(
  client: KubeClient,
  rollout: Rollout,
  stores: RolloutStores,
): Promise<string | undefined> {
  const { namespace } = rollout.metadata;
  const target = stores.deployments.get(`${namespace}/${rollout.spec.targetRef.name}`);
  if (!target) return undefined;
  const { items } = await client.list(resources.replicaSets, {
    namespace,
    labelSelector: selectorText(target.selector),
  });
  const own = items.filter(({ metadata }) =>
    metadata.ownerReferences?.some((owner) => owner.uid === target.uid),
  );
  const newest = own.toSorted((a, b) => revisionOf(b) - revisionOf(a))[0];
  return newest?.metadata.labels?.['pod-template-hash'];
}

function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.[REVISION] ?? 0);
}

function selectorText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
