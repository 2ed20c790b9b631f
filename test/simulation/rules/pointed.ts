// SPDX-License-Identifier: Apache-2.0
import { Labels } from '../../../operator/api/group.ts';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { resources } from '../../../operator/kube/resources.ts';
import type { Change } from '../api/server.ts';
import { SERVICE } from '../cluster/names.ts';
import { NAMESPACE, selectorOf } from '../cluster/objects.ts';

/** The revision that a Service names which shall find nobody yet. */
const NOBODY = 'not-judged-yet';

/** Whether it is the Service of the user that is written. */
export function isOfService({ write, key }: Change): boolean {
  return write.resource === resources.services && key === `${NAMESPACE}/${SERVICE}`;
}

/** The revision that a Service names. */
export function revisionOf(service: KubeObject): string | undefined {
  return selectorOf(service)[Labels.revision];
}

/** Whether a Service finds nobody, as one does whose first version is still to be judged. */
export function isClosed(service: KubeObject): boolean {
  return revisionOf(service) === NOBODY;
}
