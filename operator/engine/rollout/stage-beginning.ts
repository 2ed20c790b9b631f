// SPDX-License-Identifier: Apache-2.0
import type { RolloutVerb } from '../../api/rollout-status.ts';
import { Reasons } from '../../api/reasons.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { isFirst, isJudgedFirst, withoutJudging } from './first-version.ts';
import { notAdoptedPaused } from './paused-target.ts';
import { type StageResult, shows } from './stage.ts';
import { planAdopting } from './stage-adopting.ts';
import { planFirst } from './stage-first.ts';
import type { TargetFacts } from './types.ts';
import { holding, type View } from './views.ts';

/** Nothing is stable yet: what is there is adopted, or, where nobody serves and the spec asks for it, judged first. */
export function planBegin(
  context: PlanContext,
  draft: PlanDraft,
  at: { target: TargetFacts; verb: RolloutVerb | undefined },
): StageResult {
  const { target } = at;
  if (!isFirst(draft.status)) draft.status.stage = 'Adopting';
  if (target.paused && !context.world.revisions.length) return shows(notAdoptedPaused(context));
  if (context.total === 0 && context.spec.replicas === undefined) return shows(nothingToAdopt(context));
  draft.status.specReplicas = context.total;
  if (isJudgedFirst(context, draft)) return planFirst(context, draft, at);
  if (isFirst(draft.status)) draft.status = { ...withoutJudging(draft.status), stage: 'Adopting' };
  return planAdopting(context, draft, target);
}

/** Whoever adopted it at 0 would have to hold it at 0 too, and scaling it up would be a fight. */
function nothingToAdopt({ spec, rollout }: PlanContext): View {
  return holding(
    Reasons.ScaledToZero,
    `Deployment ${spec.targetRef.name} has 0 replicas, so it does not say how many pods there shall be; scale it up, or set spec.replicas of the ${rollout.kind}`,
  );
}
