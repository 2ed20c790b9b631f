// SPDX-License-Identifier: Apache-2.0
import { Reasons } from '../../api/reasons.ts';
import { contendedCanaryService } from './canary-service.ts';
import { canaryPodsFor } from './capacity.ts';
import { fit, strengthen, weaken } from './drain.ts';
import { type PlanContext, type PlanDraft } from './draft.ts';
import { FROZEN, type Goal, held, type Motion, REACHED, waitingFor } from './goal.ts';
import { isSamePin, pinOf } from './pins.ts';
import { because, readyPods } from './ready-pods.ts';
import { findRevision, hasOthers, readyOf } from './revisions.ts';
import {
  isCarrying,
  isSameShare,
  lacksPlace,
  NO_SHARE,
  type RouteShare,
  shareIn,
  takesAway,
} from './route-share.ts';
import { ensurePin, recordWeight, heardAgeMs, weightAgeMs, writeWeight } from './tracking.ts';
import type { RevisionFacts } from './types.ts';

/**
 * Moves by the weight of a route: the Service carries stable, a second Service the canary. The stable side keeps
 * its full strength all the time, so that going back needs one write and no pod.
 */
export function moveByRoute(context: PlanContext, draft: PlanDraft, goal: Goal): Motion {
  const { route } = context.world;
  recordWeight(draft, { desired: goal.weight });
  keepStrength(context, draft, goal.stable);
  const pinning = pinStable(context, draft, goal.stable);
  const share = isReplaced(context, goal) ? NO_SHARE : shareFor(context, goal);
  if (takesAway(route, share)) return lower(context, draft, share);
  if (pinning) return pinning;
  if (goal.canary === undefined) return confirm(context, draft);
  return raise(context, draft, goal, goal.canary);
}

/** While a release is on its way the chosen requests go to it at any weight. */
function shareFor({ spec }: PlanContext, { matched = false, weight }: Goal): RouteShare {
  return { weight, matched: matched && spec.match !== undefined };
}

/** A Service that somebody made name other pods keeps them until stable has one to take their place. */
function pinStable(context: PlanContext, draft: PlanDraft, stable: string): Motion | undefined {
  const { world, total } = context;
  if (!world.service || isSamePin(world.service.pin, pinOf(stable))) return undefined;
  if (total > 0 && readyOf(world, stable) === 0) return heldWithoutPods(context, stable);
  return ensurePin(context, draft, pinOf(stable));
}

/** Nobody could answer what would be given back. */
export function heldWithoutPods({ world }: PlanContext, stable: string): Motion {
  const why = because(findRevision(world, stable));
  return held(
    Reasons.NoStableEndpoints,
    `revision ${stable} has no ready pod${why} to take the traffic back; traffic held where it is`,
  );
}

/** What carries the weight is the canary of a release before this one: it gets nothing, not less. */
function isReplaced({ world }: PlanContext, { canary }: Goal): boolean {
  const carrier = world.canaryService?.revision;
  return canary !== undefined && carrier !== undefined && carrier !== canary;
}

/** The stable revision follows the replicas of the Canary, also when an autoscaler moves them. */
export function keepStrength(context: PlanContext, draft: PlanDraft, revision: string): void {
  const stable = findRevision(context.world, revision);
  if (stable) fit(context, draft, stable, context.total);
}

/** Less for the canary is more for stable: allowed at once, unless nobody is there to take it. */
export function lower(context: PlanContext, draft: PlanDraft, share: RouteShare): Motion {
  if (!hasReadyEndpoint(context)) {
    const { spec, world } = context;
    const why = because(findRevision(world, draft.status.stable?.revision));
    const what = spec.previewed ? 'traffic held where it is' : `weight held at ${world.route?.weight}%`;
    return held(
      Reasons.NoStableEndpoints,
      `Service ${spec.service.name} has no ready pod${why} to take the traffic back; ${what}`,
    );
  }
  return writeWeight(context, draft, share);
}

function raise(context: PlanContext, draft: PlanDraft, goal: Goal, canary: string): Motion {
  const repointed = pointCanaryService(context, draft, canary, enoughFor(context, goal));
  const ready = haveCapacity(context, draft, goal, canary);
  if (repointed) return repointed;
  if (ready) return ready;
  const share = shareFor(context, goal);
  if (goal.frozen && givesMore(context, draft, share)) return FROZEN;
  if (lacksPlace(context.world.route)) return writeWeight(context, draft, share, NO_SHARE);
  const unheard = hearOfCanary(context, draft, { ...goal, canary });
  if (unheard) return unheard;
  const { route } = context.world;
  if (!route?.exists || route.outdated || !isSameShare(shareIn(route), share))
    return writeWeight(context, draft, share);
  const motion = confirm(context, draft);
  if (motion.reached) release(context, draft, goal, canary);
  return motion;
}

/** Pods that the canary has beyond its share leave when the share is surely in place: an autoscaler asks for fewer. */
function release(context: PlanContext, draft: PlanDraft, goal: Goal, canary: string): void {
  const revision = findRevision(context.world, canary);
  if (revision) weaken(context, draft, revision, needOf(context, goal));
}

function needOf(context: PlanContext, goal: Goal): number {
  return goal.replicas ?? canaryPodsFor(goal.weight, context.total, shareFor(context, goal).matched);
}

/** Pods that suffice to give it the weight. */
function enoughFor(context: PlanContext, goal: Goal): number {
  const need = needOf(context, goal);
  return Math.min(need, goal.enough ?? need);
}

/**
 * A data plane that hears of the weight before it hears of the pods answers with an error, or sends requests to those that
 * the canary Service had before: of a replaced release, which go. What a return comes from stays.
 */
function hearOfCanary(context: PlanContext, draft: PlanDraft, goal: Goal): Motion | undefined {
  const { canary } = draft.status;
  if (!canary || canary.revision !== goal.canary || mayGoUnheard(context, draft, goal)) return undefined;
  // who gets no request yet need not be heard of again, after a restart or an outage
  if (canary.routed && isSameShare(shareFor(context, goal), NO_SHARE)) return undefined;
  const left = context.settleMs - heardAgeMs(context, canary.routedSince);
  if (left <= 0) {
    draft.status.canary = { ...canary, routed: true };
    return undefined;
  }
  draft.wakeIn(left);
  return waitingFor(`the route to follow the ${context.spec.side} Service`);
}

/** Nobody would be asked for, or the data plane sends requests there already, or did a moment ago. */
function mayGoUnheard({ world, total }: PlanContext, { status }: PlanDraft, goal: Goal): boolean {
  const { route } = world;
  if (total === 0 || isCarrying(route)) return true;
  const isWarm = route?.exists === true && !route.placeFirst;
  return status.stage === 'Returning' && isWarm && !hasOthers(world, goal);
}

/** Whether a share that was not there before gives the canary more traffic. */
function givesMore({ world }: PlanContext, { status }: PlanDraft, share: RouteShare): boolean {
  const now = shareIn(world.route);
  if (share.matched && !now.matched && !world.route?.overwritten) return true;
  return share.weight > now.weight && share.weight !== status.weight?.observed;
}

/**
 * The canary Service changes revision only while it carries nothing, and surely so; a preview Service, which always finds
 * some pods, when `enough` of the new ones are ready.
 */
export function pointCanaryService(
  context: PlanContext,
  draft: PlanDraft,
  ...[canary, enough]: [string, number]
): Motion | undefined {
  const { canaryService, route } = context.world;
  if (canaryService?.revision === canary) return followService(context, draft, canary);
  if (isCarrying(route)) return lower(context, draft, NO_SHARE);
  if (canaryService?.revision !== undefined && route?.exists) {
    const settling = confirm(context, draft);
    if (!settling.reached) return settling;
  }
  const unready = lacksPreview(context, canary, enough);
  if (unready) return unready;
  const contended = contendedCanaryService(context, draft, canary);
  if (contended) return contended;
  draft.act({ kind: 'pinCanaryService', revision: canary });
  if (draft.status.canary) {
    const { routedSince: _routedSince, routed: _routed, ...kept } = draft.status.canary;
    draft.status.canary = kept;
  }
  return waitingFor(`the ${context.spec.side} Service to follow its selector`);
}

/** Whoever asks the preview Service while the new pods start is answered by those that it finds already. */
function lacksPreview(context: PlanContext, canary: string, enough: number): Motion | undefined {
  const { spec, world } = context;
  if (!spec.previewed) return undefined;
  const revision = findRevision(world, canary);
  if (!revision) return waitingFor(`the Deployment of the ${spec.side}`);
  const { available, current, members, replicas } = revision;
  const there = Math.max(available, members.filter((pod) => pod.ready && pod.serving).length);
  // pods that the Deployment was told to end are there for a moment more
  const ready = current ? Math.min(replicas, there) : 0;
  return ready < enough ? waitingFor(readyPods(context, enough, revision)) : undefined;
}

/** Ports and the like that have changed on the Service apply to the canary's share too, before it gets more. */
function followService({ spec, world }: PlanContext, draft: PlanDraft, canary: string): Motion | undefined {
  if (!world.canaryService?.outdated) return undefined;
  draft.act({ kind: 'pinCanaryService', revision: canary });
  return waitingFor(`the ${spec.side} Service to follow its Service`);
}

/** Capacity first: pods enough, and ready in the EndpointSlices of the Service that will get the weight. */
function haveCapacity(
  context: PlanContext,
  draft: PlanDraft,
  goal: Goal,
  canary: string,
): Motion | undefined {
  const share = shareFor(context, goal);
  const need = needOf(context, goal);
  const revision = findRevision(context.world, canary);
  if (!revision) return waitingFor(`the Deployment of the ${context.spec.side}`);
  strengthen(context, draft, revision, need);
  const enough = enoughFor(context, goal);
  if (readyFor(context, share, revision) < enough) return waitingFor(readyPods(context, enough, revision));
  if (need === 0 && !isSameShare(share, NO_SHARE) && context.total > 0)
    return waitingFor(`at least one ${context.spec.side} pod; replicas is 0`);
  return undefined;
}

/** Pods that can take a share. For more than it has they must have been ready for minReadySeconds of the Deployment. */
function readyFor({ world }: PlanContext, share: RouteShare, { revision, available }: RevisionFacts): number {
  const ready = world.canaryService?.endpoints[revision] ?? 0;
  return takesAway(share, shareIn(world.route)) ? Math.min(ready, available) : ready;
}

/** The route has said so for long enough that its data plane follows, and who serves it has taken it up. */
export function confirm(context: PlanContext, draft: PlanDraft): Motion {
  const { pending } = context.world.route ?? {};
  if (pending !== undefined) {
    remakeCanaryService(context, draft);
    return waitingFor(pending);
  }
  const left = context.settleMs - weightAgeMs(context, draft);
  if (left > 0) {
    draft.wakeIn(left);
    return waitingFor('the route to follow');
  }
  recordWeight(draft, { observed: context.world.route?.weight ?? 0 });
  return REACHED;
}

/** A Gateway confirms no route that names a Service which is not there, be it with weight 0. */
function remakeCanaryService(context: PlanContext, draft: PlanDraft): void {
  const { canaryService, route } = context.world;
  const revision = draft.status.canary?.revision;
  if (canaryService || !route?.exists || revision === undefined) return;
  if (contendedCanaryService(context, draft, revision)) return;
  draft.act({ kind: 'pinCanaryService', revision });
}

function hasReadyEndpoint({ world, total }: PlanContext): boolean {
  return total === 0 || Object.values(world.service?.endpoints ?? {}).some((count) => count > 0);
}
