// SPDX-License-Identifier: Apache-2.0
import type { Action } from './types.ts';

/** The object that an action writes to, for people and for telling two apart. */
export function objectOf(action: Action): string {
  switch (action.kind) {
    case 'createRevision':
    case 'scaleRevision':
    case 'deleteRevision':
      return `Deployment ${action.deployment}`;
    case 'drainPod':
    case 'returnPod':
      return `Pod ${action.pod}`;
    case 'scaleTarget':
      return 'the target';
    case 'pinService':
      return 'the Service';
    case 'pinCanaryService':
    case 'removeCanaryService':
      return 'the canary Service';
    case 'setWeight':
    case 'restRoute':
      return 'the route';
  }
}
