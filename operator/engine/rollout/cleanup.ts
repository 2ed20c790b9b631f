// SPDX-License-Identifier: Apache-2.0
import type { Rollout } from './rollout.ts';
import type { RolloutStatus } from '../../api/rollout-status.ts';
import { durationMs } from '../../api/duration.ts';
import { Reasons } from '../../api/reasons.ts';
import { allowedVerbs } from './allowed.ts';
import { findRival } from './conflicts.ts';
import { holdDeletion, obeyInDeletion } from './deletion-hold.ts';
import { isFirst } from './first-version.ts';
import { newContext, newDraft, nowIso, type PlanContext, type PlanDraft } from './draft.ts';
import { trackDrain, weaken } from './drain.ts';
import { confirm, lower } from './motion-route.ts';
import { isSamePin, pinText } from './pins.ts';
import { takeRequest } from './requests.ts';
import { isCarrying, NO_SHARE } from './route-share.ts';
import { pinAgeMs, trackTraffic, weightAgeMs } from './tracking.ts';
import type {
  Action,
  RolloutWorld,
  Pin,
  PlannedCondition,
  PlannedEvent,
  RevisionFacts,
  RivalFacts,
  RouteState,
} from './types.ts';
import { conditionsOf, progressing, type View } from './views.ts';

/** What the finalizer still has to do. `done`: everything is as it was found; the object may go. */
export interface CleanupPlan {
  readonly done: boolean;
  readonly actions: readonly Action[];
  readonly status: RolloutStatus;
  readonly conditions: readonly PlannedCondition[];
  readonly events: readonly PlannedEvent[];
  readonly afterMs?: number;
}

/**
 * Gives everything back: the weight to stable, the pods to the user's Deployment, the selector to what it was. A
 * template that was rolled back gets no traffic by it, so that with one the deletion waits.
 * The revisions serve until the Deployment is available, and no selector ever names pods that are about to end.
 * Where the Deployment or the Service is gone there is nobody to give back to, and nothing is waited for.
 */
export function planCleanup(rollout: Rollout, world: RolloutWorld, now: number): CleanupPlan {
  const context = newContext(rollout, world, now);
  const draft = newDraft(rollout, now);
  trackTraffic(context, draft);
  trackDrain(context, draft);
  obeyInDeletion(context, draft, takeRequest(context, draft));
  const view = nextCleanup(context, draft);
  const shown = view ?? deleting('everything is as it was found');
  return {
    done: view === undefined,
    actions: draft.actions,
    events: draft.events,
    conditions: conditionsOf(shown),
    status: {
      ...draft.status,
      observedGeneration: rollout.metadata.generation,
      phase: shown.phase,
      message: shown.message,
      next: `the end of this ${rollout.kind}`,
      allowedActions: allowedVerbs(context, draft),
    },
    ...(draft.afterMs === undefined ? {} : { afterMs: draft.afterMs }),
  };
}

function deleting(waiting: string): View {
  return { ...progressing(`deleting: ${waiting}`), reason: Reasons.Deleting };
}

/** The next move, and what it waits for; undefined when nothing is left. */
function nextCleanup(context: PlanContext, draft: PlanDraft): View | undefined {
  const { service, target } = context.world;
  const rival = findRival(context);
  if (rival && !isServedByUs(context)) return leaveTo(rival, context, draft);
  if (!service) return reviveUnseen(context, draft);
  if (isUnserved(context, draft)) {
    const ending = giveBackUnserved(context, draft);
    return ending === undefined ? undefined : deleting(ending);
  }
  const isLeft = !target || isAsItWas(context, draft);
  const held = isLeft ? undefined : holdDeletion(context, draft);
  if (held) return held;
  const waiting = isLeft ? tidyUp(context, draft) : giveBack(context, draft);
  return waiting === undefined ? undefined : deleting(waiting);
}

/** The target is gone, or its own pods serve already: there is nobody to give the traffic back to. */
function tidyUp(context: PlanContext, draft: PlanDraft): string | undefined {
  return context.world.target ? retireRevisions(context, draft) : restoreSelector(context, draft);
}

/** Nobody has been let in yet: a first version is judged, or was refused. */
function isUnserved({ world }: PlanContext, { status }: PlanDraft): boolean {
  const { pin, endpoints = {} } = world.service ?? {};
  if (pin?.kind === 'nobody') return true;
  const isReached = Object.values(endpoints).some((count) => count > 0);
  return isFirst(status) && pin?.kind === 'none' && !isReached;
}

/** Nobody is waited for where nobody serves; but the selector of old would find the pods of revisions, which end. */
function giveBackUnserved(context: PlanContext, draft: PlanDraft): string | undefined {
  const { world, total } = context;
  if (world.target && world.target.replicas < total) {
    draft.act({ kind: 'scaleTarget', replicas: total });
    draft.status.parked = false;
  }
  // who looks at a preview is a client too
  for (const revision of world.revisions) weaken(context, draft, revision, 0);
  if (!world.revisions.every(isEmpty)) return 'waits for the pods of the first version to drain and end';
  return restoreSelector(context, draft);
}

function giveBack(context: PlanContext, draft: PlanDraft): string | undefined {
  return (
    returnWeight(context, draft) ??
    reviveTarget(context, draft) ??
    nameTarget(context, draft) ??
    retireRevisions(context, draft) ??
    restoreSelector(context, draft)
  );
}

/** Another Canary governs what this one names: what they share is left to it, and no pod of this one serves. */
function leaveTo(rival: RivalFacts, { world, total, spec }: PlanContext, draft: PlanDraft): undefined {
  const isShared = rival.shares.includes(`Deployment ${spec.targetRef.name}`);
  const isParked = draft.status.parked === true && (world.target?.replicas ?? total) < total;
  if (isParked && !isShared) draft.act({ kind: 'scaleTarget', replicas: total });
}

/** Pods of this Canary serve, or its own deletion is half done. */
function isServedByUs({ world }: PlanContext): boolean {
  const { service, revisions } = world;
  const pin = service?.pin;
  if (pin?.kind === 'replica-set' || (pin?.kind === 'nobody' && revisions.length > 0)) return true;
  return revisions.some(
    ({ revision }) =>
      (service?.endpoints[revision] ?? 0) > 0 || (pin?.kind === 'revision' && pin.revision === revision),
  );
}

/** Without its Service nobody reaches the pods, so nothing is waited for; the Deployment still gets its replicas back. */
function reviveUnseen({ world, total }: PlanContext, draft: PlanDraft): undefined {
  if (world.target && world.target.replicas < total) draft.act({ kind: 'scaleTarget', replicas: total });
}

/** The Service names what it did, and the Deployment's own pods answer, or never stopped to: nothing to give back. */
function isAsItWas({ world, total }: PlanContext, { status }: PlanDraft): boolean {
  const { service, target } = world;
  const ready = Object.entries(service?.endpoints ?? {}).filter(([, count]) => count > 0);
  const isServed = ready.some(([revision]) => revision === '');
  const isUntouched = !status.stable && status.parked === undefined && (target?.replicas ?? 0) > 0;
  if (service?.pin.kind !== 'none' || isAnyOurs(world)) return false;
  return isServed || isUntouched || total === 0;
}

/** The Service of old finds the pods of revisions too, and its EndpointSlices may not have followed yet. */
function isAnyOurs({ service, revisions }: RolloutWorld): boolean {
  const isReached = Object.entries(service?.endpoints ?? {}).some(
    ([name, count]) => name !== '' && count > 0,
  );
  return isReached || revisions.some(({ available }) => available > 0);
}

/** The canary has a place in the route, or the user's route still has a note about it. */
function hasTraces({ exists, outdated, owned }: RouteState): boolean {
  return exists || (outdated && !owned);
}

/** Undefined also where stable has no pods to take the weight: then the target's own have to come first. */
function returnWeight(context: PlanContext, draft: PlanDraft): string | undefined {
  const { route } = context.world;
  if (!route || !hasTraces(route)) return undefined;
  if (isCarrying(route)) {
    const { problem } = lower(context, draft, NO_SHARE);
    if (problem?.reason === Reasons.NoStableEndpoints) return undefined;
    return problem?.message ?? `taking the weight of the ${context.spec.side} back`;
  }
  const waiting = awaitRoute(context, draft);
  if (waiting) return waiting;
  draft.act({ kind: 'restRoute' });
  return `removing the route of the ${context.spec.side}`;
}

/** Where nobody serves the route any more nobody confirms it either, so that there is an end to the wait. */
function awaitRoute(context: PlanContext, draft: PlanDraft): string | undefined {
  const motion = confirm(context, draft);
  if (motion.reached) return undefined;
  const deadlineMs = Math.max(durationMs(context.spec.progressDeadline), context.settleMs);
  const left = deadlineMs - weightAgeMs(context, draft);
  if (left > 0) draft.wakeIn(left);
  return left > 0 ? `waits for ${motion.waiting}` : undefined;
}

/** The user's Deployment comes back at full strength with the template that it has by now: it is the desired state. */
function reviveTarget({ world, total, spec }: PlanContext, draft: PlanDraft): string | undefined {
  const { target } = world;
  if (!target || isNamingTarget(world.service?.pin)) return undefined;
  if (target.replicas < total) {
    draft.act({ kind: 'scaleTarget', replicas: total });
    draft.status.parked = false;
  }
  if (target.replicas >= total && target.available >= total && target.podHash) return undefined;
  return `waits for Deployment ${spec.targetRef.name} to have ${total} available pods; until then traffic stays where it is`;
}

/** The Service names the pods of the Deployment alone, so that the revisions end without traffic. */
function nameTarget(context: PlanContext, draft: PlanDraft): string | undefined {
  const { service, target } = context.world;
  if (!service) return undefined;
  const { pin } = service;
  if (pin.kind !== 'replica-set') {
    name(context, draft, { kind: 'replica-set', podHash: target?.podHash ?? '' });
    return 'giving the Service back to the Deployment';
  }
  if (target?.podHash !== undefined && pin.podHash !== target.podHash) {
    // Its rollout ends the pods that are named; until the new ones are ready whoever is ready must answer.
    name(context, draft, { kind: 'none' });
    return 'the template has changed; the Service names every pod until the new ones are available';
  }
  const others = Object.entries(service.endpoints).some(([revision, count]) => revision !== '' && count > 0);
  const left = context.drainMs - pinAgeMs(context, draft);
  if (left > 0) draft.wakeIn(left);
  return others || left > 0 ? 'waits for the revisions to drain' : undefined;
}

function retireRevisions(context: PlanContext, draft: PlanDraft): string | undefined {
  const running = context.world.revisions.filter((revision) => !isEmpty(revision));
  for (const { deployment, replicas } of running) {
    if (replicas > 0) draft.act({ kind: 'scaleRevision', deployment, replicas: 0 });
  }
  return running.length > 0 ? 'waits for the pods of the revisions to end' : undefined;
}

function isEmpty({ replicas, pods }: RevisionFacts): boolean {
  return replicas === 0 && pods === 0;
}

function restoreSelector(context: PlanContext, draft: PlanDraft): string | undefined {
  const { service } = context.world;
  if (!service || isSamePin(service.pin, { kind: 'none' })) return undefined;
  name(context, draft, { kind: 'none' });
  return 'putting the selector of the Service back';
}

function name(context: PlanContext, draft: PlanDraft, pin: Pin): void {
  draft.act({ kind: 'pinService', pin });
  draft.status.pinned = { selector: pinText(pin), since: nowIso(context) };
}

function isNamingTarget(pin: Pin | undefined): boolean {
  return pin?.kind === 'replica-set';
}
