// SPDX-License-Identifier: Apache-2.0
import type { Action } from './types.ts';

/** The object that an action writes to, for people and for telling two apart. */
export function objectOf(action: Action): string {
  if (action.kind === 'copyConfig') return `${action.config} ${action.copy}`;
  if ('deployment' in action) return `Deployment ${action.deployment}`;
  if ('pod' in action) return `Pod ${action.pod}`;
  switch (action.kind) {
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
