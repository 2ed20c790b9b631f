// SPDX-License-Identifier: Apache-2.0
import { type Reason, Reasons } from '../../api/reasons.ts';
import { nowIso, type PlanContext, type PlanDraft } from './draft.ts';
import { goBack } from './going-back.ts';
import { failureEvent, startRollback } from './release.ts';
import { refuse } from './first-version.ts';
import { stableName, whereabouts } from './sentences.ts';
import { stopWaiting } from './tracking.ts';

interface Failure {
  readonly reason: Reason;
  readonly message: string;
}

/** What a person may want to look at before anything is taken back. A canary that is down is not among it. */
const PAUSABLE: readonly Reason[] = [Reasons.AnalysisFailed, Reasons.DeadlineExceeded];

/**
 * The evidence, or its absence, says no to what is judged. Traffic goes back to what is known to be good, or, where the
 * Canary asks for that, stays as it is until a person has looked.
 */
export function fail(context: PlanContext, draft: PlanDraft, why: Failure): void {
  const isHeld = context.spec.onFailure === 'Pause' && !draft.status.returning;
  if (isHeld && PAUSABLE.includes(why.reason)) holdFailed(context, draft, why);
  else giveUp(context, draft, why);
}

/** As fail, whatever the Canary asks for. */
export function giveUp(context: PlanContext, draft: PlanDraft, why: Failure): void {
  const { bake } = draft.status;
  if (bake) {
    const message = `${why.message} in the bake of ${stableName(draft.status)}`;
    goBack(context, draft, { to: bake, by: 'Bake', why: { ...why, message } });
  } else if (!draft.status.stable) {
    refuse(context, draft, why);
  } else {
    startRollback(context, draft, why);
  }
}

/** Told once; what fails again while a person is waited for is nothing new. */
function holdFailed(context: PlanContext, draft: PlanDraft, { reason, message }: Failure): void {
  stopWaiting(draft);
  if (isHeldFailed(draft)) return;
  const where = whereabouts(context.spec, draft.status);
  draft.status.pause = { by: 'Failure', since: nowIso(context), reason, message };
  draft.emit(failureEvent(reason), `${where}; ${message}; paused: promote, retry or abort`, 'Warning');
}

/** Something has failed, and a person is waited for. */
export function isHeldFailed({ status }: PlanDraft): boolean {
  return status.pause?.by === 'Failure';
}
