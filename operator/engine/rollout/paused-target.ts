// SPDX-License-Identifier: Apache-2.0
import type { RevisionStatus } from '../../api/release-status.ts';
import { Reasons } from '../../api/reasons.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { wantedRevision } from './revisions.ts';
import { stableName, whereabouts } from './sentences.ts';
import { type StageResult, shows } from './stage.ts';
import { keepAtRest } from './stage-resting.ts';
import type { TargetFacts } from './types.ts';
import { holding, paused, type View } from './views.ts';

/**
 * Whoever pauses a Deployment (`kubectl rollout pause`) means its rollout. A template of a paused one is not taken up,
 * and a release on its way takes no further step; what is judged bad goes back all the same.
 */
export function isTargetPaused({ world }: PlanContext): boolean {
  return world.target?.paused === true;
}

/** A release that its paused target holds. */
export function pausedByTarget(context: PlanContext, draft: PlanDraft): StageResult | undefined {
  if (!isTargetPaused(context)) return undefined;
  const why = `Deployment ${context.spec.targetRef.name} is paused; it goes on when that is resumed`;
  return shows(paused(Reasons.Paused, `${whereabouts(context.spec, draft.status)}; ${why}`));
}

/** At rest, with a new template that its paused target keeps back. */
export function keptBack(
  context: PlanContext,
  draft: PlanDraft,
  at: { stable: RevisionStatus; target: TargetFacts },
): StageResult | undefined {
  if (!isTargetPaused(context)) return undefined;
  const wanted = wantedRevision(at.target, context.world.revisions);
  if ([at.stable.revision, draft.status.canary?.revision].includes(wanted)) return undefined;
  const { name } = context.spec.targetRef;
  const sentence = `Deployment ${name} is paused; its new template is released when it is resumed; all traffic stays on ${stableName(draft.status)}`;
  return shows(keepAtRest(context, draft, at.stable) ?? paused(Reasons.Paused, sentence));
}

/** Its pods may be of an older template than the one that would be adopted. */
export function notAdoptedPaused({ spec }: PlanContext): View {
  return holding(
    Reasons.Paused,
    `Deployment ${spec.targetRef.name} is paused, so its pods may be of another template than it has; it is adopted when it is resumed`,
  );
}
