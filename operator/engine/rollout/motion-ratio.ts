// SPDX-License-Identifier: Apache-2.0
import { halfOf, splitFor } from './capacity.ts';
import { strengthen, weaken } from './drain.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { FROZEN, type Goal, type Motion, patientFor, REACHED, waitingFor } from './goal.ts';
import { growTogether } from './grow.ts';
import { heldWithoutPods } from './motion-route.ts';
import { isSamePin, pinOf, pinText } from './pins.ts';
import { standPreview } from './preview.ts';
import { readyPods } from './ready-pods.ts';
import { findRevision, hasOthers, readyOf, servingOf } from './revisions.ts';
import { carriedWeight, ensurePin, recordedPin, recordWeight } from './tracking.ts';
import type { Pin } from './types.ts';

/** Pods of both sides and what the Service must name for a weight. */
interface Layout {
  readonly canary: number;
  /** Canary pods that suffice for the Service to name them. */
  readonly enough: number;
  readonly stable: number;
  readonly pin: Pin;
}

/**
 * Moves by the ratio of pods behind one Service. Up: canary pods first, then stable ones out of it. Back: one write
 * that makes the Service name the stable revision only, which takes the canary out without ending a pod.
 */
export function moveByRatio(context: PlanContext, draft: PlanDraft, goal: Goal): Motion {
  const layout = layoutFor(context, goal);
  recordWeight(draft, {
    desired: goal.weight,
    observed: carriedWeight(context, draft.status.canary?.revision),
  });
  if (goal.frozen && givesMore(context, goal, layout)) {
    growTogether(context, draft, { stable: goal.stable, canary: goal.canary });
    return FROZEN;
  }
  if (isCrowded(context, goal, layout)) return makeRoom(context, draft, goal, layout);
  // Before any pod: a rollback waits for nothing but this write.
  const isThere = isNamed(context, layout.pin);
  const naming = mayName(context, goal, layout) ?? ensurePin(context, draft, layout.pin);
  const standing = standPreview(context, draft, goal, layout.enough);
  // Without weight no pod of it starts while the Service would still find it.
  if (goal.weight > 0 || isThere) bringUp(context, draft, goal.canary, layout.canary);
  bringUp(context, draft, goal.stable, layout.stable);
  if (naming) return naming;
  const following = endpointsFollow(context, goal, layout) ?? provenPods(context, goal, layout);
  if (following) return following;
  if (standing) return standing;
  return trim(context, draft, goal, layout);
}

function isNamed({ world }: PlanContext, pin: Pin): boolean {
  return world.service !== undefined && isSamePin(world.service.pin, pin);
}

/** Whether a layout that was not there before gives the canary more traffic. */
function givesMore(context: PlanContext, goal: Goal, layout: Layout): boolean {
  const { service } = context.world;
  if (!service || goal.weight === 0) return false;
  if (!isSamePin(service.pin, layout.pin)) return recordedPin(context) !== pinText(layout.pin);
  const canary = findRevision(context.world, goal.canary);
  return layout.pin.kind === 'all' && (canary ? servingOf(canary) : 0) < layout.canary;
}

type Sides = Pick<Goal, 'stable' | 'canary'>;

/** The Service names all revisions, and a third one has pods: more of the canary would be three versions at once. */
export function isNamedBesideOthers(context: PlanContext, sides: Sides): boolean {
  return context.world.service?.pin.kind === 'all' && hasOthers(context.world, sides);
}

/** More of the canary, or its first pods, would put a third version behind the Service. */
function isCrowded(context: PlanContext, goal: Goal, layout: Layout): boolean {
  if (layout.pin.kind === 'all') return hasOthers(context.world, goal);
  return (goal.weight > 0 || layout.canary > 0) && isNamedBesideOthers(context, goal);
}

/** Traffic waits on stable until the pods of an earlier release have drained and gone. */
function makeRoom(context: PlanContext, draft: PlanDraft, goal: Goal, layout: Layout): Motion {
  const { world, total } = context;
  const pin = pinOf(goal.stable);
  recordWeight(draft, { desired: 0 });
  if (!isNamedBesideOthers(context, goal)) bringUp(context, draft, goal.canary, layout.canary);
  bringUp(context, draft, goal.stable, total);
  const isThere = world.service !== undefined && isSamePin(world.service.pin, pin);
  if (!isThere && !isStrongEnough(context, goal.stable)) return holdForStable(context, goal);
  return ensurePin(context, draft, pin) ?? patientFor('the pods of the replaced revision to drain');
}

function layoutFor(context: PlanContext, goal: Goal): Layout {
  const split = podsFor(context, goal);
  return { ...split, enough: Math.min(split.canary, goal.enough ?? split.canary) };
}

function podsFor(context: PlanContext, goal: Goal): Omit<Layout, 'enough'> {
  const { total } = context;
  if (goal.canary === undefined || goal.weight <= 0) {
    return { canary: goal.replicas ?? 0, stable: total, pin: pinOf(goal.stable) };
  }
  if (goal.weight >= 100) {
    // Nothing is asked of the stable side any more: it goes as a whole when the Service names the canary alone.
    return { canary: Math.max(total, goal.replicas ?? 0), stable: 0, pin: pinOf(goal.canary) };
  }
  const split = splitFor(goal.weight, total);
  const canary = goal.replicas ?? split.canary;
  return { canary, stable: Math.max(total - canary, Math.min(1, total)), pin: { kind: 'all' } };
}

function bringUp(context: PlanContext, draft: PlanDraft, name: string | undefined, pods: number): void {
  const revision = findRevision(context.world, name);
  if (revision) strengthen(context, draft, revision, pods);
}

/** Capacity first: what the Service will name next must be ready and strong enough before it is named. */
function mayName(context: PlanContext, goal: Goal, layout: Layout): Motion | undefined {
  const { world } = context;
  const canary = findRevision(world, goal.canary);
  if (isNamed(context, layout.pin)) {
    // without weight its pods are waited for only where no request can reach them
    const isShort = goal.weight === 0 && (canary?.available ?? 0) < layout.canary;
    return isShort ? waitingFor(readyPods(context, layout.canary, canary)) : undefined;
  }
  if (isSamePin(layout.pin, pinOf(goal.stable))) {
    return isStrongEnough(context, goal.stable) ? undefined : holdForStable(context, goal);
  }
  if (!canary) return waitingFor(`the Deployment of the ${context.spec.side}`);
  const { enough } = layout;
  return canary.available < enough ? waitingFor(readyPods(context, enough, canary)) : undefined;
}

/** Half of the pods: enough to take all traffic for the moment that the other half needs to come up. */
function isStrongEnough(context: PlanContext, stable: string): boolean {
  const { total } = context;
  return readyOf(context.world, stable) >= halfOf(total);
}

function holdForStable(context: PlanContext, { stable }: Goal): Motion {
  const { world, total } = context;
  if (readyOf(world, stable) === 0) return heldWithoutPods(context, stable);
  const pods = readyPods(context, halfOf(total), findRevision(world, stable), context.spec.oldSide);
  return waitingFor(`${pods} to take the traffic back`);
}

/** The EndpointSlices show what the Service names: no stray pod, and enough of those that should be there. */
function endpointsFollow(context: PlanContext, goal: Goal, layout: Layout): Motion | undefined {
  const endpoints = context.world.service?.endpoints ?? {};
  const wanted = wantedEndpoints(goal, layout);
  const missing = Object.entries(wanted).find(([revision, count]) => (endpoints[revision] ?? 0) < count);
  if (missing) return waitingFor(missingPods(context, goal, missing));
  const strays = Object.entries(endpoints).some(([revision, count]) => count > 0 && !(revision in wanted));
  return strays
    ? waitingFor(`Service ${context.spec.service.name} to hold exactly the pods that it names`)
    : undefined;
}

/** Before stable pods leave for them, pods of the canary have been ready for minReadySeconds of the Deployment. */
function provenPods(context: PlanContext, { canary }: Goal, { pin, ...layout }: Layout): Motion | undefined {
  const revision = pin.kind === 'all' ? findRevision(context.world, canary) : undefined;
  if (!revision || revision.available >= layout.canary) return undefined;
  return waitingFor(readyPods(context, layout.canary, revision));
}

function missingPods(context: PlanContext, goal: Goal, [revision, count]: [string, number]): string {
  const side = revision === goal.canary ? context.spec.side : context.spec.oldSide;
  return readyPods(context, count, findRevision(context.world, revision), side);
}

/** The least number of ready endpoints by revision; a revision that is not named here must have none. */
function wantedEndpoints(goal: Goal, layout: Layout): Record<string, number> {
  if (layout.pin.kind !== 'revision')
    return { [goal.stable]: layout.stable, [goal.canary ?? '']: layout.canary };
  const named = layout.pin.revision;
  return { [named]: named === goal.stable ? Math.min(1, layout.stable) : layout.enough };
}

/**
 * Only when the new layout takes traffic do the surplus pods of both sides leave. The split is there when they are out
 * of the EndpointSlices; their end is waited for by nobody.
 */
function trim(context: PlanContext, draft: PlanDraft, goal: Goal, layout: Layout): Motion {
  if (layout.pin.kind !== 'all') return keepAtRest(context, draft, goal);
  const stable = bringDown(context, draft, goal.stable, layout.stable);
  const canary = bringDown(context, draft, goal.canary, layout.canary);
  return stable && canary ? REACHED : waitingFor('surplus pods to leave');
}

/** Whether a side has exactly its pods behind the Service; takes some out where it has too many. */
function bringDown(context: PlanContext, draft: PlanDraft, name: string | undefined, pods: number): boolean {
  const revision = findRevision(context.world, name);
  if (revision) weaken(context, draft, revision, pods);
  return (context.world.service?.endpoints[name ?? ''] ?? 0) === pods;
}

/** Behind one revision: that revision follows the replicas of the Canary, also when an autoscaler lowers them. */
function keepAtRest(context: PlanContext, draft: PlanDraft, goal: Goal): Motion {
  if (goal.weight < 100) bringDown(context, draft, goal.stable, context.total);
  return REACHED;
}
