// SPDX-License-Identifier: Apache-2.0
import type { RolloutStage, RolloutStatus } from '../../api/rollout-status.ts';
import { EventReasons, type Reason, Reasons } from '../../api/reasons.ts';
import { nowIso, type PlanContext, type PlanDraft } from './draft.ts';
import { recordOutcome } from './history.ts';
import { describeRevision, enterStep, failureEvent } from './release.ts';
import { canaryName } from './sentences.ts';
import type { ServiceFacts } from './types.ts';

const FIRST: readonly (RolloutStage | undefined)[] = ['Judging', 'Refused'];

/** A first version is judged, or was refused: no revision is stable yet. */
export function isFirst({ stage }: Pick<RolloutStatus, 'stage'>): boolean {
  return FIRST.includes(stage);
}

/** Everything has passed, or a person has said so: what is left is that the Service finds it. */
export function isLetIn({ stage, step }: RolloutStatus): boolean {
  return stage === 'Judging' && step !== undefined && step.index >= step.count;
}

/** Ready endpoints that are of no revision: the pods of the target itself, or of somebody else. */
export function hasOwnEndpoints({ endpoints }: ServiceFacts): boolean {
  return (endpoints[''] ?? 0) > 0;
}

/**
 * Whether the version that is there is judged before the Service finds it. It begins only where nobody serves and
 * nothing was begun: the Service is as its user wrote it and has no ready endpoint, the target has no available pod.
 * It ends where somebody has let pods in that are not of a revision: from then on somebody serves, and is not cut off.
 */
export function isJudgedFirst({ spec, world }: PlanContext, { status }: PlanDraft): boolean {
  const { service, target, revisions } = world;
  if (spec.firstDeploy !== 'Judge' || !service) return false;
  if (service.pin.kind === 'nobody') return true;
  if (isFirst(status)) return service.pin.kind !== 'none' || !hasOwnEndpoints(service);
  const isServed =
    Object.values(service.endpoints).some((count) => count > 0) || (target?.available ?? 0) > 0;
  return service.pin.kind === 'none' && !isServed && revisions.length === 0;
}

/** A first version begins to be judged, or begins anew. */
export function startFirst(context: PlanContext, draft: PlanDraft, revision: string): void {
  draft.status = {
    ...withoutJudging(draft.status),
    stage: 'Judging',
    canary: describeRevision(context, revision),
  };
  enterStep(context, draft, 0);
  draft.emit(
    EventReasons.NewRevisionDetected,
    `first version ${canaryName(draft.status)} found, and nobody serves yet; it is judged before Service ${context.spec.service.name} finds it`,
  );
}

/** A newer template comes in the place of a first version. */
export function supersedeFirst(context: PlanContext, draft: PlanDraft): void {
  if (draft.status.stage === 'Refused') return;
  const message = `first version ${canaryName(draft.status)} was replaced by a newer template`;
  recordOutcome(context, draft, { outcome: 'Superseded', reason: Reasons.Superseded, message });
  draft.emit(EventReasons.Superseded, message);
}

/** The answer is no: the Service goes on finding nobody. What was fought over is fought for anew. */
export function refuse(
  context: PlanContext,
  draft: PlanDraft,
  why: { readonly reason: Reason; readonly message: string },
): void {
  const { pause: _pause, skipChecks: _skipChecks, fights: _fights, ...kept } = draft.status;
  const { step } = kept;
  const at = nowIso(context);
  draft.status = {
    ...kept,
    stage: 'Refused',
    failure: { ...why, at, weight: 0, ...(step ? { step: step.index } : {}) },
  };
  const message = `${why.message}; first version ${canaryName(draft.status)} refused`;
  recordOutcome(context, draft, { outcome: 'Refused', reason: why.reason, message });
  draft.emit(
    failureEvent(why.reason),
    `${message}; Service ${context.spec.service.name} finds no pod`,
    'Warning',
  );
}

/** Without what is known of a first version, as before it was looked at. */
export function withoutJudging(status: RolloutStatus): RolloutStatus {
  const {
    canary: _canary,
    step: _step,
    failure: _failure,
    pause: _pause,
    analysis: _analysis,
    skipChecks: _skipChecks,
    ...kept
  } = status;
  return kept;
}
