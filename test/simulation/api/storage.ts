// SPDX-License-Identifier: Apache-2.0
import { decodeApiError, type KubeVerb } from '../../../operator/kube/errors.ts';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { type Resource, resourceName } from '../../../operator/kube/resources.ts';
import { isEqual, isRecord } from './json.ts';

/** What an API server makes of an object that is written. */

export function isGone({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && !metadata.finalizers?.length;
}

export function generationOf(before: KubeObject | undefined, after: KubeObject): number {
  const { generation = 0 } = before?.metadata ?? {};
  return before && isEqual(before['spec'], after['spec']) ? generation : generation + 1;
}

export function isUnchanged(before: KubeObject, after: KubeObject): boolean {
  const { managedFields: _before, ...had } = before.metadata;
  const { managedFields: _after, ...has } = { ...had, ...after.metadata };
  const isSameBody = isEqual({ ...before, metadata: {} }, { ...after, metadata: {} });
  return isSameBody && isEqual(had, has);
}

export function merged(before: KubeObject | undefined, applied: KubeObject): KubeObject {
  if (!before) return applied;
  const { metadata, ...rest } = applied;
  return {
    ...before,
    ...rest,
    ...(isRecord(before['spec']) && isRecord(applied['spec'])
      ? { spec: { ...before['spec'], ...applied['spec'] } }
      : {}),
    metadata: {
      ...before.metadata,
      ...metadata,
      ...(metadata.labels ? { labels: { ...before.metadata.labels, ...metadata.labels } } : {}),
      ...(metadata.annotations
        ? { annotations: { ...before.metadata.annotations, ...metadata.annotations } }
        : {}),
    },
  };
}

interface Refused {
  readonly verb: KubeVerb;
  readonly resource: Resource;
  readonly subresource?: string | undefined;
}

/** A refusal as the API server words it. */
export function refusal(
  write: Refused,
  key: string,
  ...[status, reason, why]: [number, string, string]
): Error {
  const [namespace, name] = key.includes('/') ? key.split('/') : [undefined, key];
  const { verb, resource, subresource } = write;
  const message = `${resourceName(resource)} "${name}": ${why}`;
  const body = JSON.stringify({ kind: 'Status', status: 'Failure', reason, message, code: status });
  return decodeApiError({ verb, resource, subresource, namespace, name }, { status, body });
}
