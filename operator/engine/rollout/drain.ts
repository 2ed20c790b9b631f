// SPDX-License-Identifier: Apache-2.0
import { shortHash } from '../names.ts';
import { nowIso, type PlanContext, type PlanDraft } from './draft.ts';
import { servingOf } from './revisions.ts';
import { heardAgeMs } from './tracking.ts';
import type { PodFacts, RevisionFacts } from './types.ts';

/**
 * Pods leave one by one: first their label says so, and they leave the EndpointSlices; then the time to drain passes;
 * only then is the Deployment scaled. A pod that was taken out costs least to end, so that the ReplicaSet ends exactly
 * those. One that is needed again before that comes back, and no new one is started.
 */

/** As many pods as `wanted` serve, in the end of exactly so many; pods beyond that drain before they end. */
export function fit(context: PlanContext, draft: PlanDraft, revision: RevisionFacts, wanted: number): void {
  if (!strengthen(context, draft, revision, wanted)) weaken(context, draft, revision, wanted);
}

/**
 * Lets at least `wanted` pods serve: those that were taken out come back before new ones are asked for. Not while the
 * Deployment is still being scaled down: what comes back then may be about to end. True: a pod comes back.
 */
export function strengthen(
  context: PlanContext,
  draft: PlanDraft,
  revision: RevisionFacts,
  wanted: number,
): boolean {
  const { deployment, replicas, members, current } = revision;
  const missing = wanted - servingOf(revision);
  if (missing <= 0) return false;
  const isSettled = current && members.length <= replicas;
  const back = isSettled ? leavingOrder(outOf(revision)).toReversed().slice(0, missing) : [];
  for (const { name: pod, uid } of back) draft.act({ kind: 'returnPod', pod, uid });
  if (replicas < wanted) draft.act({ kind: 'scaleRevision', deployment, replicas: wanted });
  // The ReplicaSet must have heard of the one that came back before the others go.
  const { drain } = draft.status;
  if (drain && back.length > 0) draft.status.drain = { ...drain, since: nowIso(context) };
  return back.length > 0;
}

/** Lets at most `wanted` pods serve, and ends the surplus when it has drained. */
export function weaken(
  context: PlanContext,
  draft: PlanDraft,
  revision: RevisionFacts,
  wanted: number,
): void {
  const { deployment, replicas, members } = revision;
  if (replicas <= wanted || hasUnseen(revision)) return;
  const serving = members.filter((pod) => pod.serving);
  const leaving = leavingOrder(serving).slice(0, Math.max(0, serving.length - wanted));
  for (const { name: pod, uid } of leaving) draft.act({ kind: 'drainPod', pod, uid });
  const out = outOf(revision);
  if (leaving.length > 0 || out.some(({ reached }) => reached)) return;
  const left = out.length === 0 ? 0 : context.drainMs - heardAgeMs(context, draft.status.drain?.since);
  if (left > 0) draft.wakeIn(left);
  else draft.act({ kind: 'scaleRevision', deployment, replicas: wanted });
}

/** Pods that the Deployment counts and the watch of pods has not shown yet may get requests: nobody can let them leave. */
function hasUnseen({ available, members }: RevisionFacts): boolean {
  return available > members.filter(({ ready, serving }) => ready && serving).length;
}

/**
 * Brings "draining since" up to date: the time counts from when the last of the pods left the EndpointSlices, and anew
 * when some of them have ended.
 */
export function trackDrain(context: PlanContext, draft: PlanDraft): void {
  const pods = context.world.revisions.flatMap(outOf).filter(({ reached }) => !reached);
  const { drain: before, ...kept } = draft.status;
  if (pods.length === 0) {
    if (before) draft.status = kept;
    return;
  }
  // not by their number: one may have left in the moment in which three ended
  const which = shortHash(
    pods
      .map(({ uid }) => uid)
      .toSorted()
      .join(' '),
  );
  if (before?.which !== which) draft.status.drain = { pods: pods.length, since: nowIso(context), which };
}

function outOf({ members }: RevisionFacts): PodFacts[] {
  return members.filter(({ serving }) => !serving);
}

/**
 * Pods in the order in which a ReplicaSet would rather end them: not ready, cheap, crowded, young (getPodsToDelete and
 * ActivePodsWithRanks in kubernetes/pkg/controller). A pod is as crowded as pods of its node are left when it goes.
 */
export function leavingOrder(pods: readonly PodFacts[]): PodFacts[] {
  const left = new Map<string | undefined, number>();
  const crowd = new Map<PodFacts, number>();
  for (const pod of pods.toSorted(byWorth).toReversed()) {
    const before = left.get(pod.node) ?? 0;
    crowd.set(pod, before);
    left.set(pod.node, before + 1);
  }
  const crowdOf = (pod: PodFacts): number => crowd.get(pod) ?? 0;
  return pods.toSorted((a, b) => byNeed(a, b) || crowdOf(b) - crowdOf(a) || byWorth(a, b));
}

function byNeed(a: PodFacts, b: PodFacts): number {
  return Number(a.ready) - Number(b.ready) || a.cost - b.cost;
}

function byWorth(a: PodFacts, b: PodFacts): number {
  return byNeed(a, b) || b.createdAtMs - a.createdAtMs || (a.name < b.name ? 1 : -1);
}
