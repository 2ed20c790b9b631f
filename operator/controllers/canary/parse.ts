// SPDX-License-Identifier: Apache-2.0
import type { ZodError } from 'zod';
import { CanaryStatus } from '../../api/canary-status.ts';
import type { KubeObject } from '../../kube/objects.ts';

/** Every error of a spec at once, each with its field, as one sentence. */
export function specErrors(error: ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || 'spec'}: ${message}`).join('; ');
}

/** The identity and the status of a stored Canary; a status that is not ours any more counts as none. */
export function reportedOf(object: KubeObject) {
  const { metadata } = object;
  const status = CanaryStatus.safeParse(object['status']);
  return {
    metadata: {
      namespace: metadata.namespace ?? '',
      name: metadata.name ?? '',
      uid: metadata.uid ?? '',
      generation: metadata.generation ?? 0,
      resourceVersion: metadata.resourceVersion ?? '',
      deleting: metadata.deletionTimestamp !== undefined,
    },
    ...(status.success ? { status: status.data } : {}),
  };
}
