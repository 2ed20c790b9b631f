// SPDX-License-Identifier: Apache-2.0
import { Labels } from '../../../operator/api/group.ts';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { selectorOf } from '../cluster/objects.ts';

/** The revision that a Service names which shall find nobody yet. */
const NOBODY = 'not-judged-yet';

/** The revision that a Service names. */
export function revisionOf(service: KubeObject): string | undefined {
  return selectorOf(service)[Labels.revision];
}

/** Whether a Service finds nobody, as one does whose first version is still to be judged. */
export function isClosed(service: KubeObject): boolean {
  return revisionOf(service) === NOBODY;
}
