// SPDX-License-Identifier: Apache-2.0
import { type LiveObject, readLive } from '../weights/patched.ts';
import { routeEditor } from './rules.ts';
import type { NamedRoute, RouteRule, RouteSnapshot, UserRoutesTarget } from './schema.ts';

/** A route of the user as it is now, with what was noted of it before Headway's weights. */
export function liveRoute(
  target: UserRoutesTarget,
  { kind, name }: NamedRoute,
  route: RouteSnapshot,
): LiveObject<readonly RouteRule[]> {
  return readLive(routeEditor, target, {
    ...route,
    resource: kind === 'HTTPRoute' ? 'httpRoutes' : 'grpcRoutes',
    field: `spec.rules of ${kind} ${name}`,
    writer: route.writers.get('rules'),
    lists: route.rules,
  });
}
