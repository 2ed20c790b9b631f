// SPDX-License-Identifier: Apache-2.0
import type { RouteState } from './types.ts';

/** What a route gives to the canary. */
export interface RouteShare {
  readonly weight: number;
  /** Whether chosen requests go to it besides. */
  readonly matched: boolean;
}

/** What says a share, in whatever words. */
interface Shared {
  readonly weight: number;
  readonly matched?: boolean | undefined;
}

export const NO_SHARE: RouteShare = Object.freeze({ weight: 0, matched: false });

export function shareIn(route: Shared | undefined): RouteShare {
  return { weight: route?.weight ?? 0, matched: route?.matched ?? false };
}

/** Whether any request goes to the canary by the route. */
export function isCarrying(route: RouteState | undefined): boolean {
  return !isSameShare(shareIn(route), NO_SHARE);
}

export function isSameShare(one: RouteShare, other: RouteShare): boolean {
  return one.weight === other.weight && one.matched === other.matched;
}

/** Whether a share would come before the data plane can know a single pod of the canary. */
export function lacksPlace(route: Pick<RouteState, 'exists' | 'placeFirst'> | undefined): boolean {
  return route?.placeFirst === true && !route.exists;
}

/** Whether some requests that the route gives to the canary would not be given with `wanted`. */
export function takesAway(route: Shared | undefined, wanted: RouteShare): boolean {
  const { weight, matched } = shareIn(route);
  return wanted.weight < weight || (matched && !wanted.matched);
}
