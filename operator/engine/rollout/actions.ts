// SPDX-License-Identifier: Apache-2.0
import type { Action } from './types.ts';

type ActionOf<K extends Action['kind']> = Extract<Action, { kind: K }>;

const revisionOf = ({ deployment }: { readonly deployment: string }): string => `Deployment ${deployment}`;
const podOf = ({ pod }: { readonly pod: string }): string => `Pod ${pod}`;
const canaryServiceOf = (): string => 'the canary Service';
const routeOf = (): string => 'the route';

const OBJECTS: { readonly [K in Action['kind']]: (action: ActionOf<K>) => string } = {
  copyConfig: ({ config, copy }) => `${config} ${copy}`,
  createRevision: revisionOf,
  scaleRevision: revisionOf,
  deleteRevision: revisionOf,
  drainPod: podOf,
  returnPod: podOf,
  scaleTarget: () => 'the target',
  setReplicas: () => 'the Canary',
  pinService: () => 'the Service',
  pinCanaryService: canaryServiceOf,
  removeCanaryService: canaryServiceOf,
  setWeight: routeOf,
  restRoute: routeOf,
};

/** The object that an action writes to, for people and for telling two apart. */
export function objectOf<K extends Action['kind']>(action: ActionOf<K> & { kind: K }): string {
  return OBJECTS[action.kind](action);
}
