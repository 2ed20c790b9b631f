// SPDX-License-Identifier: Apache-2.0
import type { RolloutVerb } from '../../api/rollout-status.ts';
import type { RevisionStatus } from '../../api/release-status.ts';
import { EventReasons } from '../../api/reasons.ts';
import { givesWay } from './begin.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { startRelease } from './release.ts';
import { wantedRevision } from './revisions.ts';
import { canaryName, stableName } from './sentences.ts';
import { AGAIN, type StageResult, shows } from './stage.ts';
import { keepAtRest } from './stage-resting.ts';
import type { TargetFacts } from './types.ts';
import { waiting } from './views.ts';

/** A new revision that nobody has admitted yet: it has no pods, and all traffic is on stable. */
export function planWaiting(
  context: PlanContext,
  draft: PlanDraft,
  at: { stable: RevisionStatus; target: TargetFacts; verb: RolloutVerb | undefined },
): StageResult {
  const wanted = wantedRevision(at.target, context.world.revisions);
  if (givesWay(context, draft, { stable: at.stable, wanted })) return AGAIN;
  if (at.verb === 'admit' || context.spec.releasePolicy === 'Any') {
    draft.emit(EventReasons.Approved, `${canaryName(draft.status)} admitted`);
    startRelease(context, draft, wanted);
    return AGAIN;
  }
  const sentence = `${canaryName(draft.status)} waits for admission; all traffic stays on ${stableName(draft.status)}`;
  return shows(keepAtRest(context, draft, at.stable) ?? waiting(sentence));
}
