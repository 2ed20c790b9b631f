// SPDX-License-Identifier: Apache-2.0
import { API_VERSION } from '../../operator/api/group.ts';
import type { Traffic } from '../../operator/api/traffic.ts';
import { specOfBlueGreen } from '../../operator/engine/blue-green/rollout-of.ts';
import { specOfCanary } from '../../operator/engine/canary/rollout-of.ts';
import type { QueryScope } from '../../operator/engine/analysis/query-types.ts';
import type { RolloutSpec } from '../../operator/engine/rollout/rollout.ts';
import type { Judged, KnownRelease } from './known.ts';

/** Where every placeholder has a value: what only some releases do not have is not the fault of a template. */
export const ANYWHERE: QueryScope = {
  namespace: 'namespace',
  canary: 'name',
  target: 'target',
  service: 'service',
  canaryService: 'service-canary',
  revision: 'new',
  stableRevision: 'old',
  ingress: 'ingress',
  run: { owner: { apiVersion: API_VERSION, kind: 'Canary', name: 'name', uid: '' }, startedAt: '' },
};

/** The release as the plans see it. */
export function rolloutSpecOf(release: KnownRelease): RolloutSpec {
  return release.kind === 'Canary' ? specOfCanary(release.spec) : specOfBlueGreen(release.spec);
}

/** Whom the checks of a release speak of, with `new` and `old` for the two revisions. */
export function scopeOf(release: KnownRelease, when: Judged['when']): QueryScope {
  const { manifest, kind } = release;
  const spec = rolloutSpecOf(release);
  const { traffic, service } = spec;
  const isAlone = when === 'after';
  return {
    ...ANYWHERE,
    namespace: manifest.namespace,
    canary: manifest.name,
    target: spec.targetRef.name,
    service: service.name,
    canaryService: canaryServiceIn(spec, when),
    sides: { judged: isAlone ? spec.sideInBake : spec.side, other: spec.oldSide },
    isAlone,
    ingress: traffic?.ingress?.name,
    routes: routesIn(manifest.name, traffic),
    traefikService: traffic?.traefik?.service,
    run: { owner: { apiVersion: API_VERSION, kind, name: manifest.name, uid: '' }, startedAt: '' },
  };
}

function canaryServiceIn(
  { traffic, previewed, service, canaryService }: RolloutSpec,
  when: Judged['when'],
): string | undefined {
  if (!traffic && !previewed) return undefined;
  return when === 'after' ? service.name : canaryService;
}

/** A route that is made from a template bears the name of the release. */
function routesIn(name: string, traffic: Traffic | undefined): QueryScope['routes'] {
  return traffic?.gateway && (traffic.gateway.routes ?? [{ kind: 'HTTPRoute', name }]);
}
