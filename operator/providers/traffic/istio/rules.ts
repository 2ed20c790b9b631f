// SPDX-License-Identifier: Apache-2.0
import type { RequestMatch } from '../../../api/match.ts';
import { canonicalJson } from '../../../engine/names.ts';
import type { Backend } from '../weights/backend.ts';
import type { ListEditor } from '../weights/patched.ts';
import { type RuleKind, ruleEditor } from '../weights/rules.ts';
import { hasCanary, isService, type Sides, weightAmong } from '../weights/split.ts';
import { matchesFor } from './header-match.ts';
import { hostOf, isHostOf } from './hosts.ts';
import { Destination, type HttpRoute } from './schema.ts';

/** Names of the http routes that are split; undefined: all that lead to the Service. */
export type Selection = readonly string[] | undefined;

/** Whether an http route is one of those that are split. */
export function isSelected({ name }: HttpRoute, only: Selection): boolean {
  return only === undefined || (typeof name === 'string' && only.includes(name));
}

/**
 * How a VirtualService says its rules. An http route that is not selected has no backends here, so that nothing is done
 * with it; one that carries the canary is looked at in any case, so that it comes back when it is not named any more.
 */
export function httpRoutes(only: Selection): RuleKind<HttpRoute> {
  function refsOf(route: HttpRoute, sides: Sides): Backend[] {
    const refs = (route.route ?? []).map((destination) => backendOf(destination, sides));
    return isSelected(route, only) || hasCanary(refs, sides) ? refs : [];
  }
  function withRefs(route: HttpRoute, refs: readonly Backend[], sides: Sides): HttpRoute {
    return { ...route, route: refs.map((ref) => destinationOf(ref, sides)) };
  }
  function canaryRule(route: HttpRoute, match: readonly RequestMatch[], sides: Sides): HttpRoute | undefined {
    const matches = matchesFor(route, match);
    if (matches.length === 0) return undefined;
    const refs = refsOf(route, sides);
    const canary = refs
      .filter((ref) => isService(ref, sides, sides.service) && weightAmong(ref, refs, sides) > 0)
      .map((ref) => ({ ...ref, name: sides.canaryService }));
    // with the name of the other, so that what goes by names, such as an EnvoyFilter, holds for both
    return withRefs({ ...route, match: matches }, canary, sides);
  }
  return { path: '/spec/http', field: 'route', refsOf, withRefs, canaryRule };
}

export function httpRouteEditor(only: Selection): ListEditor<readonly HttpRoute[]> {
  return ruleEditor(httpRoutes(only), istioSides);
}

/** The two Services, with what Istio takes a weight for. */
export function istioSides({ namespace, service, canaryService }: Sides): Sides {
  return { namespace, service, canaryService, weightIn };
}

/** A destination that stands alone gets everything, whatever its weight; among others none is 0 (HTTPRouteDestination). */
function weightIn({ weight }: Backend, among: readonly Backend[]): number {
  return among.length === 1 ? 100 : (weight ?? 0);
}

/**
 * A destination in the words that all weights are moved by: under the name of the Service that it is, or its host. Port
 * and subset together tell two destinations of one Service apart. That of the canary is as the one beside it.
 */
function backendOf(ref: Destination, { namespace, service, canaryService }: Sides): Backend {
  const { destination } = ref;
  const { host, subset, ...rest } = destination;
  const port = canonicalJson([rest, subset ?? null]);
  if (isHostOf(host, { namespace, service: canaryService })) {
    const stable = { ...destination, host: hostOf(host, canaryService, service) };
    return { ...ref, destination: stable, name: canaryService, port };
  }
  return { ...ref, name: isHostOf(host, { namespace, service }) ? service : host, port };
}

function destinationOf(
  { name, port: _port, ...rest }: Backend,
  { service, canaryService }: Sides,
): Destination {
  const ref = Destination.parse(rest);
  if (name !== canaryService) return ref;
  const host = hostOf(ref.destination.host, service, canaryService);
  return { ...ref, destination: { ...ref.destination, host } };
}
