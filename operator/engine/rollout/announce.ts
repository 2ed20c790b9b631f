// SPDX-License-Identifier: Apache-2.0
import type { AnalysisRun, CheckStatus } from '../../api/analysis-status.ts';
import { EventReasons } from '../../api/reasons.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { findRevision, revisionDeployment } from './revisions.ts';
import { canaryName } from './sentences.ts';
import type { RolloutPlan } from './types.ts';

/** Says once when a check turns bad, and once when its evidence goes missing; not each measurement that stays so. */
export function announceChecks(draft: PlanDraft, previous: AnalysisRun, run: AnalysisRun): void {
  for (const row of run.checks) {
    const before = previous.checks.find(({ name }) => name === row.name);
    const words = `${row.name}: ${row.reason ?? row.verdict}`;
    if (hasTurnedBad(before, row)) draft.emit(EventReasons.CheckFailed, words, 'Warning');
    if (hasLostData(before, row)) draft.emit(EventReasons.CheckInconclusive, words, 'Warning');
  }
}

function hasTurnedBad(before: CheckStatus | undefined, row: CheckStatus): boolean {
  return row.bad > (before?.bad ?? 0) && before?.samples.at(-1)?.good !== false;
}

function hasLostData(before: CheckStatus | undefined, row: CheckStatus): boolean {
  return row.verdict === 'Holding' && row.noDataSince !== undefined && before?.noDataSince === undefined;
}

/** The plan, and besides what it says that pods are asked for the new side. */
export function announceScaleUp({ spec, world }: PlanContext, plan: RolloutPlan): RolloutPlan {
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
      message: `${replicas} ${spec.side} ${replicas === 1 ? 'pod' : 'pods'} asked for ${canaryName(plan.status)}`,
    }));
  return { ...plan, events: [...plan.events, ...events] };
}
