// SPDX-License-Identifier: Apache-2.0
import { durationMs } from '../../operator/api/duration.ts';
import { isRelease, judgedIn, type Known, type KnownRelease, templateFor } from '../manifests/known.ts';
import { type Problem, problemAt } from './problem.ts';

/** What works, and what docs/spec advises against. */
export function advise(known: readonly Known[]): Problem[] {
  return known
    .filter(isRelease)
    .flatMap((release) => [
      ...ofScaleDownDelay(release),
      ...ofSettle(release),
      ...ofPreviewMetrics(release, known),
    ]);
}

const SAFE_DELAY_MS = 12_000;

function ofScaleDownDelay({ manifest, spec: { scaleDownDelay } }: KnownRelease): Problem[] {
  if (durationMs(scaleDownDelay) >= SAFE_DELAY_MS) return [];
  const message = `with ${scaleDownDelay} an API server that is away for up to 5s can cost requests, for routers come back up to that much later; set 12s or more`;
  return [problemAt(manifest, ['spec', 'scaleDownDelay'], { severity: 'warning', message })];
}

/** By default providersThrottleDuration of Traefik is this. */
const THROTTLE_MS = 2000;
/** What a load balancer takes up by then, with health checks every 15 s. */
const ALB_SETTLE_MS = 60_000;

function ofSettle({ manifest, spec: { traffic } }: KnownRelease): Problem[] {
  const { settle, alb, istio } = traffic ?? {};
  if (settle === undefined || istio) return [];
  const ms = durationMs(settle);
  const warn = (message: string) => [
    problemAt(manifest, ['spec', 'traffic', 'settle'], { severity: 'warning', message }),
  ];
  if (alb && ms < ALB_SETTLE_MS) {
    return warn(
      `with ${settle} new targets of the load balancer may not have passed their first health check, which is made every 15s by default; set 60s or more`,
    );
  }
  if (alb || ms > THROTTLE_MS) return [];
  return warn(
    `${settle} is not longer than the throttle of a controller, 2s of Traefik by default, so that a weight is taken for confirmed too early; set 5s`,
  );
}

/** A preview that nobody calls has no requests to count. */
function ofPreviewMetrics(release: KnownRelease, known: readonly Known[]): Problem[] {
  return judgedIn(release)
    .filter(({ when }) => when === 'preview')
    .flatMap(({ source: { checks, templateRef }, path }) => {
      const template = templateRef && templateFor(release.manifest, templateRef.name, known);
      const counted = (checks ?? template?.spec.checks ?? []).filter(({ metric }) => metric !== undefined);
      if (counted.length === 0) return [];
      const names = counted.map(({ name }) => name).join(', ');
      const message = `${names}: no client reaches the preview, so a built-in metric has no requests to count there and holds the release; use a probe or a job, or send requests to the preview Service`;
      return [problemAt(release.manifest, path, { severity: 'warning', message })];
    });
}
