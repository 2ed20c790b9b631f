// SPDX-License-Identifier: Apache-2.0
import { requirePercent } from '../percent.ts';
import type { RouteFacts, RouteSplit, RouteWrite, TrafficRouter } from '../types.ts';
import { readMatched, readWeight } from './annotations.ts';
import { buildCanaryIngress, type CanaryIngress } from './canary-ingress.ts';
import { findOverwrite, foreignCanaryKeys, isOurs, isUpToDate } from './ownership.ts';
import { findExceptions, findProblems } from './problems.ts';
import type { IngressSnapshot, IngressTarget } from './schema.ts';

/**
 * Splits traffic by the canary annotations of ingress-nginx, as Traefik >= 3.7, Higress and others read them too: a
 * second Ingress with the same hosts and paths leads to the canary Service and carries the weight. The user's Ingress
 * is read, never written.
 *
 * At weight 0 a controller sends nothing to the canary Service, at 100 nothing to the stable one. While the canary
 * Service has no serving endpoint, Traefik leaves the canary Ingress out as a whole and all traffic stays on stable. A
 * weight holds for every path of the namespace that leads to the same Service and port, even one in another Ingress.
 */
export const ingressRouter: TrafficRouter<IngressTarget> = Object.freeze({
  observe,
  planWeight,
  planRest,
});

function observe(target: IngressTarget): RouteFacts {
  const live = ownIngress(target);
  const overwritten = live && findOverwrite(target, live);
  const weight = live ? readWeight(live, target.annotationPrefix) : 0;
  const matched = live !== undefined && readMatched(live, target.annotationPrefix);
  return {
    weight,
    matched,
    exists: live !== undefined,
    outdated: live !== undefined && isOutdated(target, live, { weight, matched }),
    problems: findProblems(target),
    ...(overwritten && { overwritten }),
    exceptions: findExceptions(target),
  };
}

/** Beside the contract of the port: weight 0 while the user's Ingress cannot be split deletes what we made for it. */
function planWeight(target: IngressTarget, split: RouteSplit): readonly RouteWrite[] {
  const { weight } = split;
  requirePercent(weight);
  const { ingress } = target;
  if (!ingress || findProblems(target).length > 0) return weight === 0 ? planRest(target) : [];
  const live = ownIngress(target);
  const desired = buildCanaryIngress(target, ingress, split);
  if (live && isUpToDate(target, desired, live)) return [];
  const object = live ? withoutForeignRules(target, desired, live) : desired;
  return [{ kind: 'apply', resource: 'ingresses', object }];
}

function isOutdated(target: IngressTarget, live: IngressSnapshot, split: RouteSplit): boolean {
  if (!target.ingress || findProblems(target).length > 0) return false;
  return !isUpToDate(target, buildCanaryIngress(target, target.ingress, split), live);
}

function planRest(target: IngressTarget): readonly RouteWrite[] {
  const live = ownIngress(target);
  if (!live || live.deleting) return [];
  const { namespace, name, uid } = live;
  return [{ kind: 'delete', resource: 'ingresses', namespace, name, uid }];
}

function ownIngress(target: IngressTarget): IngressSnapshot | undefined {
  const { canaryIngress } = target;
  return canaryIngress && isOurs(target, canaryIngress) ? canaryIngress : undefined;
}

/**
 * Server-side apply cannot remove what others added. An added canary annotation is taken over with an empty value,
 * which does nothing; being ours then, it goes with the next apply.
 */
function withoutForeignRules(
  target: IngressTarget,
  desired: CanaryIngress,
  live: IngressSnapshot,
): CanaryIngress {
  const added = foreignCanaryKeys(target.annotationPrefix, live);
  if (added.length === 0) return desired;
  const emptied = Object.fromEntries(added.map((key) => [key, '']));
  const annotations = { ...emptied, ...desired.metadata.annotations };
  return { ...desired, metadata: { ...desired.metadata, annotations } };
}
