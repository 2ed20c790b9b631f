// SPDX-License-Identifier: Apache-2.0
import type { CelRule } from '../api/rules.ts';
import type { RolloutStage } from '../api/rollout-status.ts';

/** Stages in which the new revision may have a share of the traffic, be it chosen requests alone. */
const CARRYING: readonly RolloutStage[] = ['Stepping', 'Promoting', 'Baking', 'Returning', 'RollingBack'];

/** Fields of `traffic` that name objects in which weights stand. What else there is may change at any time. */
const PLACES = [
  ['ingress', 'name'],
  ['gateway', 'routes'],
  ['traefik', 'service'],
  ['alb', 'ingress'],
  ['alb', 'action'],
  ['istio', 'virtualServices'],
] as const;

const carrying = CARRYING.map((stage) => `'${stage}'`).join(', ');
const isCarrying = `has(oldSelf.status) && has(oldSelf.status.stage) && oldSelf.status.stage in [${carrying}]`;

/** Without optionals: of those an API server does not know how large they can be, so that the rule costs too much. */
function isSamePlace([way, field]: (typeof PLACES)[number]): string {
  const [now, before] = ['self', 'oldSelf'].map((root) => isThere(root, way, field)) as [string, string];
  const path = `spec.traffic.${way}.${field}`;
  return `(${now} ? ${before} && self.${path} == oldSelf.${path} : !(${before}))`;
}

function isThere(root: string, way: string, field: string): string {
  const traffic = `${root}.spec.traffic`;
  return `has(${traffic}) && has(${traffic}.${way}) && has(${traffic}.${way}.${field})`;
}

const isSame = ['has(self.spec.traffic) == has(oldSelf.spec.traffic)', ...PLACES.map(isSamePlace)].join(
  ' && ',
);

/**
 * Where the weights stand stays while there are any: a share that is left in a route which nobody looks after any more
 * would find no pods when the release is over. An API server holds a status as it was when the spec is written.
 */
export const ROLLOUT_RULES: readonly CelRule[] = [
  {
    rule: `!(${isCarrying}) || (${isSame})`,
    message:
      'what splits the traffic cannot change in the middle of a release, for its share would stay in the old route; abort the release first, or wait until it is over',
    fieldPath: '.spec.traffic',
  },
];
