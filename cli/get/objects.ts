// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';
import { apiVersionOf } from '../../operator/kube/resources.ts';
import { listAll } from '../../operator/kube/list-all.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import type { Cluster } from '../cluster/connect.ts';
import { readRollout } from '../cluster/read.ts';
import type { RolloutKind } from '../kinds.ts';

/** What is asked for: one object, or all of some kinds. */
export interface Wanted {
  readonly kinds: readonly RolloutKind[];
  readonly name?: string | undefined;
  readonly isEverywhere: boolean;
}

/** The objects, by namespace, kind and name. Items of a list come without apiVersion and kind, and get them. */
export async function readObjects(cluster: Cluster, wanted: Wanted): Promise<KubeObject[]> {
  const { kinds, name, isEverywhere } = wanted;
  const [kind] = kinds;
  if (name !== undefined && kind) return [await readRollout(cluster, { kind, name })];
  const namespace = isEverywhere ? undefined : cluster.namespace;
  const lists = await Promise.all(
    kinds.map(async ({ resource }) => {
      const objects = await listAll(cluster.client, resource, { namespace });
      return objects.map((object) => ({
        ...object,
        apiVersion: apiVersionOf(resource),
        kind: resource.kind,
      }));
    }),
  );
  return lists.flat().toSorted((a, b) => compare(sortKey(a), sortKey(b)));
}

function sortKey({ metadata, kind }: KubeObject): string {
  return `${metadata.namespace}/${kind === 'Canary' ? 0 : 1}/${metadata.name}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** As kubectl prints them: one object by itself, several as a List, without managedFields. */
export function printObjects(
  objects: readonly KubeObject[],
  format: 'json' | 'yaml',
  isOne: boolean,
): string {
  const items = objects.map(withoutManagedFields);
  const value = isOne ? items[0] : { apiVersion: 'v1', kind: 'List', metadata: {}, items };
  return format === 'json' ? `${JSON.stringify(value, undefined, 2)}\n` : stringify(value);
}

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  return { ...object, metadata };
}
