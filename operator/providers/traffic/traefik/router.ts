// SPDX-License-Identifier: Apache-2.0
import type { Backend } from '../weights/backend.ts';
import { requirePercent } from '../percent.ts';
import type { RouteFacts, RouteSplit, RouteWrite, TrafficRouter } from '../types.ts';
import {
  type LiveObject,
  observePatched,
  planPatchedRest,
  planPatchedWeight,
  readLive,
} from '../weights/patched.ts';
import { weightedEntries } from './entries.ts';
import { findTraefikProblems } from './problems.ts';
import type { TraefikTarget } from './schema.ts';

/**
 * Splits traffic by the weights of the user's own TraefikService (traefik.io/v1alpha1). Entries of weighted.services
 * that name the Service get a copy beside them that names the canary Service, and nothing else is changed; at rest, and
 * at weight 0, the list is as the user wrote it. A TraefikService has no status, so nothing is waited for but the settle
 * time; and it has no way to choose requests, so `match` has no place here.
 */
export const traefikRouter: TrafficRouter<TraefikTarget> = Object.freeze({ observe, planWeight, planRest });

function observe(target: TraefikTarget): RouteFacts {
  const { found, name } = target;
  const live = liveOf(target);
  return {
    ...observePatched(weightedEntries, target, live),
    problems: findTraefikProblems(target),
    exceptions:
      live.length > 0 && found?.isSticky
        ? [
            `TraefikService ${name} keeps clients with the Service that answered them first (weighted.sticky); their requests do not follow the weight`,
          ]
        : [],
  };
}

function planWeight(target: TraefikTarget, split: RouteSplit): readonly RouteWrite[] {
  requirePercent(split.weight);
  return planPatchedWeight(weightedEntries, target, liveOf(target), { weight: split.weight });
}

function planRest(target: TraefikTarget): readonly RouteWrite[] {
  return planPatchedRest(weightedEntries, target, liveOf(target));
}

function liveOf(target: TraefikTarget): LiveObject<readonly Backend[]>[] {
  const { found, name } = target;
  if (!found?.services || found.deleting) return [];
  const object = {
    ...found,
    resource: 'traefikServices' as const,
    field: `spec.weighted.services of TraefikService ${name}`,
    lists: found.services,
  };
  return [readLive(weightedEntries, target, object)];
}
