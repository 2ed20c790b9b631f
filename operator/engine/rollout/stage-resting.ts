// SPDX-License-Identifier: Apache-2.0
import type { RolloutVerb } from '../../api/rollout-status.ts';
import type { RevisionStatus } from '../../api/release-status.ts';
import { EventReasons, Reasons } from '../../api/reasons.ts';
import { clockOf, fromIso } from '../time.ts';
import { begin, beginBySteps, givesWay } from './begin.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { recordOutcome } from './history.ts';
import { moveTo } from './motion.ts';
import { because } from './ready-pods.ts';
import { findRevision, wantedRevision } from './revisions.ts';
import { heldSentence, rolledBackSentence, stableName } from './sentences.ts';
import { AGAIN, type StageResult, shows } from './stage.ts';
import type { TargetFacts } from './types.ts';
import { blocked, healthy, holding, rolledBack, rollingBack, type View } from './views.ts';

/** All traffic on stable, and the target asks for nothing else. */
export function planIdle(
  context: PlanContext,
  draft: PlanDraft,
  at: { stable: RevisionStatus; target: TargetFacts },
): StageResult {
  const wanted = wantedRevision(at.target, context.world.revisions);
  if (wanted !== at.stable.revision) {
    begin(context, draft, wanted);
    return AGAIN;
  }
  return shows(keepAtRest(context, draft, at.stable) ?? healthy(restSentence(context, draft)));
}

function restSentence({ spec, total }: PlanContext, { status }: PlanDraft): string {
  const since = fromIso(status.stable?.since);
  const when = Number.isNaN(since) ? '' : ` since ${clockOf(since)}`;
  return total === 0
    ? `scaled to 0, so no pod runs and nobody answers; ${stableName(status)} is ${spec.oldSide}${when}`
    : `all traffic on ${stableName(status)}${when}`;
}

/** The last release was rolled back; its template is not tried again until somebody says so or it changes. */
export function planRolledBack(
  context: PlanContext,
  draft: PlanDraft,
  at: { stable: RevisionStatus; target: TargetFacts; verb: RolloutVerb | undefined },
): StageResult {
  const wanted = wantedRevision(at.target, context.world.revisions);
  if (givesWay(context, draft, { stable: at.stable, wanted })) return AGAIN;
  if (at.verb === 'retry') {
    beginBySteps(context, draft, wanted);
    return AGAIN;
  }
  const reason = draft.status.failure?.reason;
  const known = Object.values(Reasons).find((candidate) => candidate === reason) ?? Reasons.AnalysisFailed;
  return shows(
    keepAtRest(context, draft, at.stable) ?? rolledBack(known, heldSentence(context.spec, draft.status)),
  );
}

/** Traffic on its way back to stable, after a failure or because the template is stable's again. */
export function planRollingBack(context: PlanContext, draft: PlanDraft, stable: RevisionStatus): StageResult {
  const motion = moveTo(context, draft, { stable: stable.revision, weight: 0 });
  if (motion.problem) return shows(blocked(motion.problem.reason, motion.problem.message));
  if (!motion.reached)
    return shows(
      rollingBack(`${rolledBackSentence(context.spec, draft.status)}; waits for ${motion.waiting}`),
    );
  const { failure } = draft.status;
  if (!failure) {
    const { canary: _canary, step: _step, ...kept } = draft.status;
    draft.status = { ...kept, stage: 'Idle' };
    return AGAIN;
  }
  const restoredAt = restoredSince(context, draft);
  draft.status = {
    ...draft.status,
    stage: 'RolledBack',
    failure: { ...failure, ...(restoredAt ? { restoredAt } : {}) },
  };
  const message = rolledBackSentence(context.spec, draft.status);
  recordOutcome(context, draft, { outcome: 'RolledBack', reason: failure.reason, message });
  draft.emit(EventReasons.RolledBack, message, 'Warning');
  return AGAIN;
}

/** When the write that took the traffic back was made: to the route, or to the selector of the Service. */
function restoredSince({ world }: PlanContext, draft: PlanDraft): string | undefined {
  return world.route ? draft.status.weight?.setSince : draft.status.pinned?.since;
}

/** Keeps traffic where it belongs at rest; a view only where something is wrong. */
export function keepAtRest(context: PlanContext, draft: PlanDraft, stable: RevisionStatus): View | undefined {
  const { problem } = moveTo(context, draft, { stable: stable.revision, weight: 0 });
  if (problem) return blocked(problem.reason, problem.message);
  const ready = context.world.service?.endpoints[stable.revision] ?? 0;
  if (ready > 0 || context.total === 0) return undefined;
  const service = context.spec.service.name;
  const why = because(findRevision(context.world, stable.revision));
  return holding(
    Reasons.NoStableEndpoints,
    `no pod of ${stableName(draft.status)} is ready${why}; Service ${service} has nobody to send requests to`,
  );
}
