// SPDX-License-Identifier: Apache-2.0
import type { RolloutStage, RolloutStatus } from '../../api/rollout-status.ts';
import { adoptedRevision } from './adopted.ts';
import { contendedMessage, mayRestore } from './fights.ts';
import { keepCount } from './count.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { isServing } from './pins.ts';
import { isPreviewed, keepPreview } from './preview.ts';
import { findRevision, surplusRevisions } from './revisions.ts';
import { isCarrying } from './route-share.ts';
import { pinAgeMs, previewAgeMs, weightAgeMs } from './tracking.ts';
import type { Pin, RevisionFacts, RouteState, TargetFacts } from './types.ts';

/**
 * What goes when nobody needs it any more: drained pods, the canary's route and Service, old revisions, and the pods
 * of the target itself. Returns a sentence where somebody keeps undoing it.
 */
export function keepHouse(context: PlanContext, draft: PlanDraft): string | undefined {
  const { status } = draft;
  const flying = inFlight(status);
  const inUse = [status.stable?.revision, flying, status.stage === 'Adopting' ? adopted(context) : undefined];
  for (const revision of context.world.revisions) {
    if (!inUse.includes(revision.revision)) retire(context, draft, revision);
  }
  const undone = flying === undefined ? restRoute(context, draft) : undefined;
  for (const old of surplusRevisions(
    context.world,
    [...inUse, status.canary?.revision],
    previousOf(status),
  )) {
    draft.act({ kind: 'deleteRevision', deployment: old.deployment, uid: old.uid });
  }
  const contended = undone ?? parkTarget(context, draft);
  keepCount(context, draft);
  return contended;
}

function previousOf({ previous = [] }: RolloutStatus): string[] {
  return previous.map(({ revision }) => revision);
}

const IN_FLIGHT: readonly (RolloutStage | undefined)[] = [
  'Judging',
  'Refused',
  'Stepping',
  'Promoting',
  'Returning',
];

/** The revision beside stable that has traffic, is about to, or stands by for it; or the first, which has none yet. */
function inFlight({ stage, canary, bake }: RolloutStatus): string | undefined {
  return IN_FLIGHT.includes(stage) ? canary?.revision : bake?.revision;
}

function adopted(context: PlanContext): string | undefined {
  return context.world.target && adoptedRevision(context, context.world.target);
}

/** Drain before scale-down: nothing that carries traffic, or did within scaleDownDelay, loses a pod. */
function retire(context: PlanContext, draft: PlanDraft, revision: RevisionFacts): void {
  if (revision.replicas === 0 || isNamed(context, revision)) return;
  const ages = [pinAgeMs, weightAgeMs, previewAgeMs].map((ageMs) => ageMs(context, draft));
  const left = context.drainMs - Math.min(...ages);
  if (left > 0) {
    draft.wakeIn(left);
    return;
  }
  draft.act({ kind: 'scaleRevision', deployment: revision.deployment, replicas: 0 });
}

/** Whether traffic can still reach a revision. */
function isNamed(context: PlanContext, facts: RevisionFacts): boolean {
  const { service, canaryService, route } = context.world;
  const { revision } = facts;
  if (service && isFound(service.pin, facts)) return true;
  if ((service?.endpoints[revision] ?? 0) > 0 || isPreviewed(context, facts)) return true;
  return canaryService?.revision === revision && (isCarrying(route) || route?.pending !== undefined);
}

/** The selector of the user, before the adoption, finds pods of revisions too; not those that cannot run. */
function isFound(pin: Pin, { revision, available, complaint }: RevisionFacts): boolean {
  if (pin.kind === 'none') return available > 0 || complaint === undefined;
  return pin.kind === 'all' || isServing(pin, revision);
}

/** The canary leaves the route when what it carried has drained, and its Service when the route has heard of that. */
function restRoute(context: PlanContext, draft: PlanDraft): string | undefined {
  const { route } = context.world;
  if (isCarrying(route) || draft.actions.some((action) => action.kind === 'setWeight')) return undefined;
  if (!route?.exists) return route?.outdated ? renewRest(context, draft, route) : restService(context, draft);
  if (isDrained(context, draft)) draft.act({ kind: 'restRoute' });
  return undefined;
}

function restService(context: PlanContext, draft: PlanDraft): string | undefined {
  const { route, canaryService } = context.world;
  if (route?.pending !== undefined) return undefined;
  if (context.spec.previewed) return keepPreview(context, draft);
  if (canaryService?.ours && isDrained(context, draft)) draft.act({ kind: 'removeCanaryService' });
  return undefined;
}

function isDrained(context: PlanContext, draft: PlanDraft): boolean {
  const left = context.drainMs - weightAgeMs(context, draft);
  if (left > 0) draft.wakeIn(left);
  return left <= 0;
}

/** A route without the canary that does not say what it should: its template has changed, or somebody has changed it. */
function renewRest(context: PlanContext, draft: PlanDraft, route: RouteState): string | undefined {
  const { field, manager } = route.overwritten ?? {};
  if (route.owned && field !== undefined) {
    const overwrite = { field, wanted: 'what its template says', found: 'something else', manager };
    if (!mayRestore(context, draft, overwrite)) return contendedMessage(overwrite);
  }
  draft.act({ kind: 'restRoute' });
  return undefined;
}

function pinnedRevision({ world }: PlanContext): string | undefined {
  return world.service?.pin.kind === 'revision' ? world.service.pin.revision : undefined;
}

/** What is made again under the name of the target was never at 0, so that nobody fights who makes it with pods. */
export function forgetParked({ world }: PlanContext, draft: PlanDraft): void {
  if (world.target || draft.status.parked === undefined) return;
  const { parked: _parked, ...kept } = draft.status;
  draft.status = kept;
}

/** The target's own pods are retired once its revisions serve; pods that come back get no traffic and are retired again. */
function parkTarget(context: PlanContext, draft: PlanDraft): string | undefined {
  const { target } = context.world;
  if (!target || !isRelieved(context, draft)) return undefined;
  if (target.replicas === 0) {
    draft.status.parked = true;
    return undefined;
  }
  const left = context.drainMs - pinAgeMs(context, draft);
  if (left > 0) {
    draft.wakeIn(left);
    return undefined;
  }
  if (draft.status.parked) return parkAgain(context, draft, target);
  draft.act({ kind: 'scaleTarget', replicas: 0 });
  return undefined;
}

/** A revision serves in place of the target, or nobody shall yet; and no request goes to its own pods any more. */
function isRelieved(context: PlanContext, draft: PlanDraft): boolean {
  const { service } = context.world;
  if (service?.pin.kind === 'nobody') return (service.endpoints[''] ?? 0) === 0;
  const serving = findRevision(context.world, draft.status.stable?.revision ?? pinnedRevision(context));
  return serving !== undefined && service?.pin.kind !== 'none' && (service?.endpoints[''] ?? 0) === 0;
}

function parkAgain(context: PlanContext, draft: PlanDraft, target: TargetFacts): string | undefined {
  const overwrite = {
    field: `replicas of Deployment ${context.spec.targetRef.name}`,
    wanted: '0',
    found: String(target.replicas),
    manager: target.replicasManager,
  };
  if (!mayRestore(context, draft, overwrite)) return contendedMessage(overwrite);
  draft.act({ kind: 'scaleTarget', replicas: 0 });
  return undefined;
}
