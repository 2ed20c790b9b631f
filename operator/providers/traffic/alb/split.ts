// SPDX-License-Identifier: Apache-2.0
import { canonicalJson } from '../../../engine/names.ts';
import type { Backend } from '../weights/backend.ts';
import type { Memory } from '../weights/memory.ts';
import { rememberRule } from '../weights/memory.ts';
import { hasCanary, shareOf, type Sides, splitBackends, withoutCanary } from '../weights/split.ts';
import { type ForwardAction, readAction, type TargetGroup, withGroups, withStickiness } from './action.ts';
import { isJson } from './members.ts';

/** The greatest weight of a target group, and how many an action may have (elasticloadbalancingv2, ForwardActionConfig). */
export const MAX_WEIGHT = 999;
export const MAX_GROUPS = 5;

/**
 * The action with `percent` of what goes to the Service going to the canary Service. With all or nothing for the canary
 * nobody may stay where the weight is 0: a client that sticks to a target group gets to it whatever its weight is.
 */
export function splitAction(action: ForwardAction, sides: Sides, percent: number): ForwardAction {
  const split = withGroups(action, groupsOf(splitBackends(action.groups, limited(sides), percent)));
  return isAllOrNothing(percent) && action.stickySeconds !== undefined ? withStickiness(split, false) : split;
}

function isAllOrNothing(percent: number): boolean {
  return percent === 0 || percent === 100;
}

export function limited({ namespace, service, canaryService }: Sides): Sides {
  return { namespace, service, canaryService, mostWeight: MAX_WEIGHT };
}

function groupsOf(backends: readonly Backend[]): TargetGroup[] {
  return backends.map(({ name, port, weight, json }) => ({
    name,
    port: String(port),
    weight: weight ?? undefined,
    json: isJson(json) ? json : {},
  }));
}

/**
 * The text of the action as the user wrote it, to the byte where nobody has changed it since. Where somebody has, what
 * they wrote without the canary, whose weight goes back to the Service.
 */
export function baseText(
  live: { text: string; action: ForwardAction },
  sides: Sides,
  memory?: Memory,
): string {
  const { text, action } = live;
  if (!hasCanary(action.groups, sides)) return text;
  const before = memory?.rules[0]?.text;
  const read = before === undefined ? undefined : readAction(before);
  if (before === undefined || read?.kind !== 'forward') return textOf(withoutCanaryGroup(action, sides));
  const share = shareOf(action.groups, sides);
  if (isSameAction(splitAction(read.action, sides, share), action)) return before;
  const kept = withoutCanaryGroup(action, sides);
  const wasSticky = isAllOrNothing(share) && read.action.stickySeconds !== undefined;
  return textOf(wasSticky ? withStickiness(kept, true) : kept);
}

function withoutCanaryGroup(action: ForwardAction, sides: Sides): ForwardAction {
  return withGroups(action, groupsOf(withoutCanary(action.groups, sides)));
}

export function textOf({ json }: ForwardAction): string {
  return JSON.stringify(json);
}

export function isSameAction(one: ForwardAction, other: ForwardAction): boolean {
  return canonicalJson(one.json) === canonicalJson(other.json);
}

/** What has to be remembered to come back to this action. */
export function rememberAction(text: string, { groups }: ForwardAction): Memory['rules'] {
  return [{ ...rememberRule(groups), text }];
}
