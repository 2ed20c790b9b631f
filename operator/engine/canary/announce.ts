// SPDX-License-Identifier: Apache-2.0
import type { AnalysisRun } from '../../api/canary-status.ts';
import { EventReasons } from '../../api/reasons.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { findRevision, revisionDeployment } from './revisions.ts';
import { canaryName } from './sentences.ts';
import type { CanaryPlan } from './types.ts';

/** Says once when a check turns bad, and once when its evidence goes missing; not each measurement that stays so. */
export function announceChecks(draft: PlanDraft, previous: AnalysisRun, run: AnalysisRun): void {
  for (const row of run.checks) {
    const before = previous.checks.find(({ name }) => name === row.name);
    const words = `${row.name}: ${row.reason ?? row.verdict}`;
    const wasBad = before?.samples.at(-1)?.good === false;
    if (row.bad > (before?.bad ?? 0) && !wasBad) draft.emit(EventReasons.CheckFailed, words, 'Warning');
    const isMissing = row.noDataSince !== undefined && before?.noDataSince === undefined;
    if (isMissing && row.verdict === 'Holding') draft.emit(EventReasons.CheckInconclusive, words, 'Warning');
  }
}

/** The plan, and besides what it says that pods are asked for the canary. */
export function announceScaleUp({ spec, world }: PlanContext, plan: CanaryPlan): CanaryPlan {
  const { canary } = plan.status;
  if (!canary) return plan;
  const deployment = revisionDeployment(spec.targetRef.name, canary.revision);
  const running = findRevision(world, canary.revision)?.replicas ?? 0;
  const asked = plan.actions.flatMap((action) =>
    (action.kind === 'createRevision' || action.kind === 'scaleRevision') && action.deployment === deployment
      ? [action.replicas]
      : [],
  );
  const events = asked
    .filter((replicas) => replicas > running)
    .map((replicas) => ({
      type: 'Normal' as const,
      reason: EventReasons.CanaryScaledUp,
      message: `${replicas} canary ${replicas === 1 ? 'pod' : 'pods'} asked for ${canaryName(plan.status)}`,
    }));
  return { ...plan, events: [...plan.events, ...events] };
}
