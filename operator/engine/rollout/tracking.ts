// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus } from '../../api/rollout-status.ts';
import { Reasons } from '../../api/reasons.ts';
import { fromIso } from '../time.ts';
import { shareOf } from './capacity.ts';
import { nowIso, type PlanContext, type PlanDraft } from './draft.ts';
import { contendedMessage, mayRestore, type Overwrite } from './fights.ts';
import { held, type Motion } from './goal.ts';
import { pinText } from './pins.ts';
import { isCarrying, isSameShare, lacksPlace, type RouteShare, shareIn } from './route-share.ts';
import type { Pin, RouteState, ServiceFacts } from './types.ts';

/** Percent of the traffic that goes to a revision now, as the cluster shows it. */
export function carriedWeight({ world }: PlanContext, canary: string | undefined): number {
  if (world.route) return world.route.weight;
  const pin = world.service?.pin;
  if (canary === undefined || pin === undefined || pin.kind !== 'all') {
    return pin?.kind === 'revision' && pin.revision === canary ? 100 : 0;
  }
  const endpoints = world.service?.endpoints ?? {};
  const all = Object.values(endpoints).reduce((sum, count) => sum + count, 0);
  return shareOf(endpoints[canary] ?? 0, all);
}

/**
 * Brings "since when" up to date: a weight or pin that differs from the recorded one counts from now. A time lost
 * in a crash thus becomes a later one, and every wait that hangs on it is longer, never shorter.
 */
export function trackTraffic(context: PlanContext, draft: PlanDraft): void {
  const { world } = context;
  const since = nowIso(context);
  const carried = carriedWeight(context, draft.status.canary?.revision);
  const weight = draft.status.weight ?? { desired: 0, observed: 0 };
  const { matched } = shareIn(world.route);
  const isMoved = weight.route !== carried || (weight.matched ?? false) !== matched;
  const moved = isMoved ? { ...weight, route: carried, ...matchedField(matched), setSince: since } : weight;
  const tracked = trackConfirmation(moved, world.route?.pending !== undefined, since);
  if (tracked !== weight) draft.status.weight = tracked;
  if (!world.service) return;
  draft.status.pinned = pinnedOf(world.service, draft.status.pinned, since);
  trackCanaryService(context, draft);
  trackPreview(context, draft);
}

/** Who looks at a preview is a client, too, so that its pods drain like others. */
function trackPreview(context: PlanContext, { status }: PlanDraft): void {
  const { canaryService } = context.world;
  if (!context.spec.previewed || !canaryService) return;
  const { revision, endpoints } = canaryService;
  const pin: Pin = revision === undefined ? { kind: 'none' } : { kind: 'revision', revision };
  status.previewPinned = pinnedOf({ pin, endpoints }, status.previewPinned, nowIso(context));
}

type Pinned = RolloutStatus['pinned'];

function pinnedOf(service: Pick<ServiceFacts, 'pin' | 'endpoints'>, before: Pinned, since: string): Pinned {
  const selector = pinText(service.pin);
  const known: NonNullable<Pinned> = before?.selector === selector ? before : { selector, since };
  const { followedSince = since, ...pinned } = known;
  return isFollowed(service) ? { ...pinned, followedSince } : pinned;
}

/** The EndpointSlices of the Service hold nothing that its selector does not name. */
function isFollowed({ pin, endpoints }: Pick<ServiceFacts, 'pin' | 'endpoints'>): boolean {
  const held = Object.keys(endpoints).filter((revision) => (endpoints[revision] ?? 0) > 0);
  switch (pin.kind) {
    case 'none':
      return true;
    case 'nobody':
      return held.length === 0;
    case 'all':
      return !held.includes('');
    case 'revision':
      return held.every((revision) => revision === pin.revision);
    case 'replica-set':
      return held.every((revision) => revision === '');
  }
}

/** What gets no request and has lost its pods, or its place, is unknown to the data plane again when it has new ones. */
function trackCanaryService(context: PlanContext, draft: PlanDraft): void {
  const { canary } = draft.status;
  const { canaryService, route } = context.world;
  if (!canary || canaryService?.revision !== canary.revision) return;
  const held = Object.entries(canaryService.endpoints).filter(([, count]) => count > 0);
  const isIts = held.length > 0 && held.every(([revision]) => revision === canary.revision);
  const { routedSince, routed: _routed, ...kept } = canary;
  if (isIts && !lacksPlace(route))
    draft.status.canary = { ...canary, routedSince: routedSince ?? nowIso(context) };
  else if (routedSince !== undefined && !isCarrying(route)) draft.status.canary = kept;
}

type Weight = NonNullable<RolloutStatus['weight']>;

/** A Gateway that is late serves what it had before, so that who lost traffic has had it until the Gateway follows. */
function trackConfirmation(weight: Weight, isPending: boolean, since: string): Weight {
  if (isPending === (weight.unconfirmed ?? false)) return weight;
  return isPending
    ? { ...weight, unconfirmed: true, confirmedSince: undefined }
    : { ...weight, unconfirmed: undefined, confirmedSince: since };
}

/** Left out of status where it is false. */
function matchedField(matched: boolean): { matched: boolean | undefined } {
  return { matched: matched || undefined };
}

/** Milliseconds since the route carries what it carries, as far as a data plane can have heard of it. */
export function weightAgeMs(context: PlanContext, draft: PlanDraft): number {
  const { observed, route, setSince, confirmedSince } = draft.status.weight ?? {};
  // who has followed it already need not hear of it again; of chosen requests nobody has recorded that they followed
  const hasFollowed = observed === route && !context.spec.match;
  const ageOf = hasFollowed ? ageMs : heardAgeMs;
  const age = ageOf(context, setSince);
  return confirmedSince === undefined ? age : Math.min(age, ageOf(context, confirmedSince));
}

/** Milliseconds since the Service has what it names and nothing else, as far as a data plane can have heard of it. */
export function pinAgeMs(context: PlanContext, draft: PlanDraft): number {
  return heardAgeMs(context, draft.status.pinned?.followedSince);
}

/** As pinAgeMs, of the preview Service; without one nobody has to hear of anything. */
export function previewAgeMs(context: PlanContext, { status }: PlanDraft): number {
  if (!context.spec.previewed || !context.world.canaryService) return Number.POSITIVE_INFINITY;
  return heardAgeMs(context, status.previewPinned?.followedSince);
}

/**
 * As ageMs, but counted from when everybody has come back from the last break in what is seen of the cluster: while the
 * API server was away, nobody heard of anything, neither the data plane nor who makes pods, and their watches come
 * back later than the API server does.
 */
export function heardAgeMs(context: PlanContext, since: string | undefined): number {
  return Math.min(ageMs(context, since), Math.max(0, context.now - context.heardSinceMs));
}

/** Milliseconds since a recorded time; 0 for an unknown one or one ahead of the clock, so that a wait starts anew. */
export function ageMs(context: PlanContext, since: string | undefined): number {
  const ms = fromIso(since);
  return Number.isNaN(ms) ? 0 : Math.max(0, context.now - ms);
}

/** The step waits for nothing any more; the next wait has the whole deadline before it. */
export function stopWaiting(draft: PlanDraft): void {
  if (!draft.status.step) return;
  const { waitingSince: _waitingSince, ...kept } = draft.status.step;
  draft.status.step = kept;
}

/** What was recorded before this plan looked at the cluster; an overwrite shows as a difference from it. */
export function recordedPin({ rollout }: PlanContext): string | undefined {
  return rollout.status?.pinned?.selector;
}

/**
 * Makes the Service name what it should. Undefined: it does already. The caller has made sure that the pods it will
 * name are ready. An overwrite by somebody else is put right a bounded number of times.
 */
export function ensurePin(context: PlanContext, draft: PlanDraft, pin: Pin): Motion | undefined {
  const service = context.world.service;
  if (!service || pinText(service.pin) === pinText(pin)) return undefined;
  const overwrite = {
    field: `the selector of Service ${context.spec.service.name}`,
    wanted: pinText(pin),
    found: pinText(service.pin),
    manager: service.selectorManager,
  };
  const { pinned } = context.rollout.status ?? {};
  if (pinned?.selector === overwrite.wanted && !mayRestore(context, draft, overwrite)) {
    // What it should name is kept, so that the next look still sees an overwrite and not a move of our own.
    draft.status.pinned = pinned;
    return held(Reasons.Contended, contendedMessage(overwrite));
  }
  draft.act({ kind: 'pinService', pin });
  draft.status.pinned = { selector: overwrite.wanted, since: nowIso(context) };
  return { reached: false, waiting: `Service ${context.spec.service.name} to follow its selector` };
}

/**
 * Writes the share of the canary to the route, or what comes on the way to it. A difference that somebody else made is
 * put right a bounded number of times.
 */
export function writeWeight(
  context: PlanContext,
  draft: PlanDraft,
  share: RouteShare,
  { weight, matched }: RouteShare = share,
): Motion {
  const overwrite = overwriteOf(context, share);
  if (overwrite && !mayRestore(context, draft, overwrite)) {
    const { route, setSince, matched: before } = context.rollout.status?.weight ?? {};
    const observed = context.world.route?.weight ?? 0;
    recordWeight(draft, {
      observed,
      ...(route === undefined ? {} : { route }),
      ...(setSince ? { setSince } : {}),
      ...matchedField(before ?? false),
    });
    return held(Reasons.Contended, contendedMessage(overwrite));
  }
  draft.act({ kind: 'setWeight', weight, ...(matched && { matched }) });
  recordWeight(draft, {
    desired: share.weight,
    route: weight,
    setSince: nowIso(context),
    ...matchedField(matched),
  });
  draft.wakeIn(context.settleMs);
  return { reached: false, waiting: 'the route to follow' };
}

/** The weight is another one, and nobody can tell who wrote it. */
const BY_SOMEBODY: NonNullable<RouteState['overwritten']> = {
  field: 'the weight of the route',
  isWeight: true,
};

/** What somebody else did to the route since this weight was seen on it; a move of our own is no answer to anybody. */
function overwriteOf(context: PlanContext, share: RouteShare): Overwrite | undefined {
  const { weight } = share;
  const { route } = context.world;
  const before = context.rollout.status?.weight;
  if (!route || !before) return undefined;
  if (!isSameShare(shareIn({ weight: before.desired, matched: before.matched }), share)) return undefined;
  const { field, manager, isWeight } = route.overwritten ?? BY_SOMEBODY;
  const isRight = route.weight === weight;
  if ((isRight && isWeight) || !wasThere(before, share, route)) return undefined;
  return isRight
    ? { field, wanted: 'what Headway wrote', found: 'something else', manager }
    : { field, wanted: `${weight}%`, found: `${route.weight}%`, manager };
}

/** Whether the route has said this before; a weight that still waits for pods was never written. */
function wasThere({ route, observed }: Weight, { weight }: RouteShare, { overwritten }: RouteState): boolean {
  return route === weight || (overwritten !== undefined && observed === weight);
}

/** Records the goal that the people see, and what was read back. */
export function recordWeight(draft: PlanDraft, weight: Partial<NonNullable<RolloutStatus['weight']>>): void {
  draft.status.weight = { desired: 0, observed: 0, ...draft.status.weight, ...weight };
}
