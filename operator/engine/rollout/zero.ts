// SPDX-License-Identifier: Apache-2.0
import { Reasons } from '../../api/reasons.ts';
import { fit } from './drain.ts';
import { nowIso, type PlanContext, type PlanDraft } from './draft.ts';
import { moveTo } from './motion.ts';
import { findRevision } from './revisions.ts';
import { whereabouts } from './sentences.ts';
import { type StageResult, shows } from './stage.ts';
import { stopWaiting } from './tracking.ts';
import { holding } from './views.ts';

/**
 * With 0 replicas nothing runs that could get traffic or be judged, so a release takes no step, no deadline counts, and
 * the weight rests at 0: when there are replicas again nobody is sent to a canary that is still to start. A pause that
 * began before begins anew then. Undefined: there are replicas.
 */
export function holdAtZero(context: PlanContext, draft: PlanDraft): StageResult | undefined {
  if (context.total > 0) {
    wakeUp(context, draft);
    return undefined;
  }
  const { stable, canary, bake } = draft.status;
  stopWaiting(draft);
  moveTo(context, draft, { stable: stable?.revision ?? '', weight: 0 });
  const other = findRevision(context.world, (canary ?? bake)?.revision);
  if (other) fit(context, draft, other, 0);
  return shows(
    holding(Reasons.ScaledToZero, `${whereabouts(context.spec, draft.status)}; held: ${NOTHING_RUNS}`),
  );
}

const NOTHING_RUNS =
  'replicas is 0, so nothing runs that could get traffic or be judged; it goes on when there are replicas again';

/** The first look with replicas after one without. */
function wakeUp(context: PlanContext, draft: PlanDraft): void {
  const { step, specReplicas } = draft.status;
  if (specReplicas === 0 && step) draft.status.step = { ...step, startedAt: nowIso(context) };
}
