// SPDX-License-Identifier: Apache-2.0
import { hasOtherConfig, isSameConfig } from './config.ts';
import { childName } from '../names.ts';
import type { RolloutStatus } from '../../api/rollout-status.ts';
import type { RolloutWorld, RevisionFacts, TargetFacts } from './types.ts';

/** Revisions kept at 0 replicas beside the stable one and the one in flight. */
export const KEPT_REVISIONS = 3;

/**
 * The kept revision that the target's template, and the config that it names, belong to. Where some of the config is not
 * known, the first of `revisions` that does not surely have another one; those in use come first.
 * Both templates are read as the API server stores them, so that defaults which a new version of Kubernetes adds
 * appear on both sides and start no release; the hash decides only where a webhook changed the stored copy.
 */
export function revisionOf(
  target: TargetFacts,
  revisions: readonly RevisionFacts[],
): RevisionFacts | undefined {
  const same = revisions.filter((revision) => revision.template === target.template);
  return (
    same.find(({ config }) => isSameConfig(target.config, config)) ??
    revisions.find((revision) => revision.revision === target.hash) ??
    same.find(({ config }) => !hasOtherConfig(target.config, config))
  );
}

/** The hash of the revision that the target asks for, whether it exists yet or not. */
export function wantedRevision(target: TargetFacts, revisions: readonly RevisionFacts[]): string {
  return revisionOf(target, revisions)?.revision ?? target.hash;
}

export function findRevision(world: RolloutWorld, revision: string | undefined): RevisionFacts | undefined {
  return world.revisions.find((candidate) => candidate.revision === revision);
}

/** The same world with the revisions in use first. */
export function withInUseFirst(world: RolloutWorld, { canary, stable }: RolloutStatus): RolloutWorld {
  const inUse = [canary?.revision, stable?.revision];
  const rank = ({ revision }: RevisionFacts) => (inUse.indexOf(revision) + 3) % 3;
  return { ...world, revisions: world.revisions.toSorted((a, b) => rank(a) - rank(b)) };
}

/** Ready pods that serve. A Deployment that was just scaled reports none for a moment; its endpoints are there all the time. */
export function readyOf(world: RolloutWorld, revision: string): number {
  const { available = 0, members = [] } = findRevision(world, revision) ?? {};
  return Math.max(available, members.filter(({ serving, reached }) => serving && reached).length);
}

/** Pods that serve or will by themselves: those that are let in, and those that are still to be made. */
export function servingOf({ replicas, members }: RevisionFacts): number {
  return Math.max(0, replicas - members.length) + members.filter(({ serving }) => serving).length;
}

/** Whether a release before this one still has pods. */
export function hasOthers(
  { revisions }: RolloutWorld,
  { stable, canary }: { readonly stable: string; readonly canary?: string | undefined },
): boolean {
  return revisions.some(({ revision, pods }) => revision !== stable && revision !== canary && pods > 0);
}

/** Name of the Deployment of a revision: `<target>-<hash>`, cut and made distinct where it would be too long. */
export function revisionDeployment(targetName: string, revision: string): string {
  return childName(targetName, `-${revision}`, 63);
}

/**
 * Old revisions beyond the kept ones, oldest first; never one that is in use, can be gone back to, or has pods. Those
 * that can be gone back to are the first of the kept ones.
 */
export function surplusRevisions(
  world: RolloutWorld,
  inUse: readonly (string | undefined)[],
  previous: readonly string[] = [],
): RevisionFacts[] {
  const idle = world.revisions
    .filter(({ revision }) => !inUse.includes(revision) && !previous.includes(revision))
    .toSorted((a, b) => b.createdAtMs - a.createdAtMs);
  return idle
    .slice(Math.max(0, KEPT_REVISIONS - previous.length))
    .filter((revision) => revision.replicas === 0 && revision.pods === 0)
    .toReversed();
}
