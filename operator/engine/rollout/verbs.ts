// SPDX-License-Identifier: Apache-2.0
import type { RolloutVerb } from '../../api/rollout-status.ts';
import { EventReasons, Reasons } from '../../api/reasons.ts';
import { nowIso, type PlanContext, type PlanDraft } from './draft.ts';
import { isHeldFailed } from './failing.ts';
import { refuse } from './first-version.ts';
import { goBack } from './going-back.ts';
import { rollbackTargets } from './previous.ts';
import { enterStep, startRollback } from './release.ts';
import { stableName } from './sentences.ts';

/** Does what a person asked for while a release is on its way. True: another stage has taken over. */
export function obey(context: PlanContext, draft: PlanDraft, verb: RolloutVerb | undefined): boolean {
  const before = draft.status.stage;
  if (verb !== undefined) DEEDS[verb](context, draft);
  return draft.status.stage !== before;
}

type Deed = (context: PlanContext, draft: PlanDraft) => void;

const DEEDS: Readonly<Record<RolloutVerb, Deed>> = {
  abort(context, draft) {
    const { bake } = draft.status;
    const message = bake
      ? `${stableName(draft.status)} aborted on request in its bake`
      : 'aborted on request';
    const why = { reason: Reasons.Aborted, message };
    if (bake) goBack(context, draft, { to: bake, by: 'User', why });
    else if (!draft.status.stable) refuse(context, draft, why);
    else startRollback(context, draft, why);
  },
  'promote-full'(_context, draft) {
    unpause(draft);
    draft.status.stage = 'Promoting';
    draft.status.skipChecks = true;
    draft.emit(EventReasons.Approved, 'full promotion on request; the steps and checks left are skipped');
  },
  promote(context, draft) {
    const index = draft.status.step?.index ?? 0;
    const step = context.steps[index];
    const isDone = step?.pause !== undefined || (step?.analysis !== undefined && isHeldFailed(draft));
    unpause(draft);
    if (isDone) enterStep(context, draft, index + 1);
    draft.emit(EventReasons.Approved, 'promoted past the pause on request');
  },
  'skip-step'(context, draft) {
    const index = draft.status.step?.index ?? 0;
    unpause(draft);
    enterStep(context, draft, index + 1);
    draft.emit(EventReasons.Approved, `step ${index + 1} skipped on request`);
  },
  pause(context, draft) {
    draft.status.pause = { by: 'User', since: nowIso(context) };
    draft.emit(EventReasons.Paused, 'paused on request');
  },
  resume(_context, draft) {
    unpause(draft);
    draft.emit(EventReasons.Resumed, 'resumed on request');
  },
  admit: () => undefined,
  retry(context, draft) {
    const { step } = draft.status;
    unpause(draft);
    draft.status.analysis = {};
    if (step) enterStep(context, draft, step.index);
    draft.emit(EventReasons.Resumed, 'judged anew on request');
  },
  rollback(context, draft) {
    const to = rollbackTargets(context, draft.status).find(
      ({ revision }) => revision === draft.status.lastAction?.revision,
    );
    const message = `rolled back from ${stableName(draft.status)} on request`;
    if (to) goBack(context, draft, { to, by: 'User', why: { reason: Reasons.RollbackRequested, message } });
  },
};

function unpause(draft: PlanDraft): void {
  const { pause: _pause, ...kept } = draft.status;
  draft.status = kept;
}
