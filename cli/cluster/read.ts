// SPDX-License-Identifier: Apache-2.0
import { Labels } from '../../operator/api/group.ts';
import { labelValue } from '../../operator/engine/names.ts';
import { isForbidden, isNotFound } from '../../operator/kube/errors.ts';
import { listAll } from '../../operator/kube/list-all.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { resources } from '../../operator/kube/resources.ts';
import { CommandError } from '../exit-codes.ts';
import { KINDS, type RolloutKind } from '../kinds.ts';
import { type Target, targetName } from '../target.ts';
import { countPods, type PodsView } from '../view/pod-facts.ts';
import type { Cluster } from './connect.ts';
import { nearNames } from './near-names.ts';
import { isMissingKind } from './trouble.ts';

/** The object of a target. Throws a CommandError that names what may have been meant where it is not there. */
export async function readRollout(cluster: Cluster, target: Target): Promise<KubeObject> {
  const { client, namespace } = cluster;
  try {
    return await client.get(target.kind.resource, { namespace, name: target.name });
  } catch (error) {
    if (isNotFound(error) && !isMissingKind(error)) throw await notFound(cluster, target);
    throw error;
  }
}

async function notFound(cluster: Cluster, target: Target): Promise<CommandError> {
  const { namespace, context } = cluster;
  const missing = `there is no ${targetName(target)} in namespace ${namespace} (context "${context.name}")`;
  const found = await tryList(cluster);
  const elsewhere = found.filter(
    ({ namespace: where, ...one }) => where !== namespace && one.name === target.name,
  );
  const here = found.filter((one) => one.namespace === namespace);
  if (elsewhere.length > 0) {
    const places = elsewhere.map((one) => `${targetName(one)} -n ${one.namespace}`).join(', ');
    return new CommandError(`${missing}; there is ${places}`);
  }
  const sameName = here.filter(({ name }) => name === target.name).map(targetName);
  const near = [...sameName, ...nearNames(targetName(target), here.map(targetName))];
  if (near.length > 0) {
    return new CommandError(`${missing}; did you mean ${[...new Set(near)].join(' or ')}?`);
  }
  const kinds = KINDS.map(({ resource }) => resource.plural).join(' and ');
  const known = here.length > 0 ? here.map(targetName).toSorted().slice(0, 10).join(', ') : 'none';
  return new CommandError(`${missing}; ${kinds} there: ${known}`);
}

interface Found extends Target {
  readonly namespace: string;
}

/** All that may be seen: of all namespaces, or of this one alone, or none; it only makes a message better. */
async function tryList(cluster: Cluster): Promise<Found[]> {
  const lists = await Promise.allSettled(KINDS.map((kind) => namesOf(cluster, kind)));
  return lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : []));
}

async function namesOf({ client, namespace }: Cluster, kind: RolloutKind): Promise<Found[]> {
  const objects = await listAll(client, kind.resource, { metadataOnly: true }).catch((error: unknown) => {
    if (!isForbidden(error)) throw error;
    return listAll(client, kind.resource, { namespace, metadataOnly: true });
  });
  return objects.map(({ metadata }) => ({
    kind,
    name: metadata.name ?? '',
    namespace: metadata.namespace ?? '',
  }));
}

/** What the pods of a Canary or a BlueGreen carry. */
export function podSelector(name: string): string {
  return `${Labels.canary}=${labelValue(name)}`;
}

/** The pods of its revisions; without the permission to list pods, why they are not known. */
export async function readPods({ client, namespace }: Cluster, name: string): Promise<PodsView> {
  try {
    const pods = await listAll(client, resources.pods, { namespace, labelSelector: podSelector(name) });
    return { counts: countPods(pods) };
  } catch (error) {
    if (isForbidden(error)) return PODS_FORBIDDEN;
    throw error;
  }
}

export const PODS_FORBIDDEN: PodsView = { unknown: 'not known: no permission to list pods' };
