// SPDX-License-Identifier: Apache-2.0
import { FIELD_MANAGER } from '../../api/group.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { contendedMessage, isHeld, mayRestore, type Overwrite } from './fights.ts';
import type { Action, RevisionFacts } from './types.ts';

type ScaleAction = Extract<Action, { kind: 'scaleRevision' }>;

/**
 * Counts the revisions that somebody else has scaled, when this plan scales them back, and names who did it. Pods that
 * are missing are asked for each time, because requests may need them. Pods that somebody keeps adding stay in the end.
 * Returns a sentence while it is a fight.
 */
export function countScalings(context: PlanContext, draft: PlanDraft): string | undefined {
  const sentences = context.world.revisions.map((revision) => countScaling(context, draft, revision));
  return sentences.find((sentence) => sentence !== undefined);
}

function countScaling(context: PlanContext, draft: PlanDraft, revision: RevisionFacts): string | undefined {
  const { replicasManager: manager, deployment, replicas } = revision;
  if (manager === undefined || manager === FIELD_MANAGER) return undefined;
  const scaling = draft.actions.find((action) => isScaling(action, deployment));
  const wanted = scaling?.replicas ?? servingIn(draft, revision);
  if (wanted === replicas) return undefined;
  const overwrite: Overwrite = {
    field: `replicas of Deployment ${deployment}`,
    wanted: String(wanted),
    found: String(replicas),
    manager,
    ...(wanted > replicas && { outcome: 'and again each time, for requests may need these pods' }),
  };
  // while pods still drain nothing is put back, and nothing is to be counted
  if (!scaling && !isHeld(context, draft, overwrite.field)) return undefined;
  if (mayRestore(context, draft, overwrite)) return undefined;
  if (wanted < replicas) draft.drop((action) => isShrinking(action, revision));
  return contendedMessage(overwrite);
}

function isScaling(action: Action, deployment: string): action is ScaleAction {
  return action.kind === 'scaleRevision' && action.deployment === deployment;
}

/** Pods that shall serve when those leave that this plan takes out. */
function servingIn(draft: PlanDraft, { replicas, members }: RevisionFacts): number {
  const leaving = draft.actions.filter(
    (action) => action.kind === 'drainPod' && members.some(({ name }) => name === action.pod),
  );
  return replicas - leaving.length;
}

function isShrinking(action: Action, { deployment, members }: RevisionFacts): boolean {
  if (action.kind === 'drainPod') return members.some(({ name }) => name === action.pod);
  return isScaling(action, deployment);
}
