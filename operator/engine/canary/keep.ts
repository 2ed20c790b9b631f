// SPDX-License-Identifier: Apache-2.0
import { Reasons } from '../../api/reasons.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import type { Goal } from './goal.ts';
import { moveTo } from './motion.ts';
import { replicasAt } from './steps.ts';
import type { View } from './views.ts';

/**
 * What cannot be asked holds a release, not the care for its traffic: what others do to it meanwhile is put back, and
 * the canary gets no more than it had. The view, with a sentence about who keeps changing what.
 */
export function keepTraffic(context: PlanContext, draft: PlanDraft, view: View): View {
  const goal = goalOf(context, draft);
  const problem = goal && moveTo(context, draft, goal).problem;
  return problem?.reason === Reasons.Contended
    ? { ...view, message: `${view.message}; ${problem.message}` }
    : view;
}

/** The traffic as it was brought about before this plan. A canary that had none has nothing to be put back. */
function goalOf({ canary, steps, total }: PlanContext, { status }: PlanDraft): Goal | undefined {
  if (!status.stable) return undefined;
  const stable = status.stable.revision;
  const { desired: weight = 0, matched = false } = canary.status?.weight ?? {};
  if (weight === 0 && !matched) return { stable, weight };
  const replicas = status.stage === 'Promoting' ? total : replicasAt(steps, status.step?.index ?? 0);
  return { stable, canary: status.canary?.revision, weight, matched, replicas, frozen: true };
}
