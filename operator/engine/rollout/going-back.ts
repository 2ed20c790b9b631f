// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus } from '../../api/rollout-status.ts';
import type { RevisionStatus } from '../../api/release-status.ts';
import { EventReasons, type Reason, Reasons } from '../../api/reasons.ts';
import { clockOf, fromIso } from '../time.ts';
import { nowIso, type PlanContext, type PlanDraft } from './draft.ts';
import { before } from './previous.ts';
import { describeRevision, enterStep, failureEvent } from './release.ts';
import { recordOutcome } from './history.ts';
import { wantedRevision } from './revisions.ts';
import { canaryName, rolledBackSentence, stableName } from './sentences.ts';
import { recordWeight } from './tracking.ts';

type Returning = NonNullable<RolloutStatus['returning']>;

/** Where to go back to, on whose word, and, unless it is the template's, why. */
export interface WayBack {
  readonly to: { readonly revision: string; readonly version?: string | undefined };
  readonly by: Returning['by'];
  readonly why?: { readonly reason: Reason; readonly message: string };
}

/**
 * All traffic goes back to a revision that was stable before. It is moved as by a promotion, without steps and checks:
 * what is stable now stays so, and serves, until the other one does.
 */
export function goBack(context: PlanContext, draft: PlanDraft, back: WayBack): void {
  const { pause: _pause, bake: _bake, failure: _failure, skipChecks: _skip, ...kept } = draft.status;
  const { revision, version } = back.to;
  const { target, revisions } = context.world;
  const template = target ? wantedRevision(target, revisions) : kept.stable?.revision;
  draft.status = {
    ...kept,
    stage: 'Returning',
    canary: { ...describeRevision(context, revision), ...(version ? { version } : {}) },
    returning: { by: back.by, template: template ?? '' },
    ...(back.why ? { failure: { ...back.why, at: nowIso(context) } } : {}),
  };
  enterStep(context, draft, context.steps.length);
  announce(draft, back);
}

function announce(draft: PlanDraft, { why }: WayBack): void {
  const to = canaryName(draft.status);
  if (!why) {
    draft.emit(EventReasons.Superseded, `the template is ${to} again; going back to it without steps`);
    return;
  }
  draft.emit(failureEvent(why.reason), `${why.message}; going back to ${to}`, 'Warning');
}

/** All traffic is back: the revision that was gone back to is stable. What was left is not tried again by itself. */
export function arrive(context: PlanContext, draft: PlanDraft): void {
  const { canary: back = { revision: '' }, step: _step, returning, failure, ...kept } = draft.status;
  const left = kept.stable;
  const restoredAt = returning?.restoredAt ?? nowIso(context);
  draft.status = {
    ...kept,
    stage: 'Idle',
    stable: { ...back, since: restoredAt },
    previous: before(kept, back.revision),
  };
  recordWeight(draft, { desired: 0, observed: 0 });
  if (returning && failure) hold(context, draft, { returning, failure: { ...failure, restoredAt } });
  // what is left began to end when going back did
  tell(context, draft, { release: left && { ...left, since: back.since }, restoredAt });
}

function tell(
  context: PlanContext,
  draft: PlanDraft,
  at: { release: RevisionStatus | undefined; restoredAt: string },
): void {
  const { failure } = draft.status;
  const message = failure
    ? rolledBackSentence(context.spec, draft.status)
    : `the template is ${stableName(draft.status)} again; all traffic on it since ${clockOf(fromIso(at.restoredAt))}`;
  const reason = failure?.reason ?? Reasons.RollbackWindow;
  const outcome = failure ? 'RolledBack' : 'Returned';
  recordOutcome(context, draft, { ...(at.release && { release: at.release }), outcome, reason, message });
  draft.emit(EventReasons.RolledBack, message, failure ? 'Warning' : 'Normal');
}

/** What the template asks for is not tried again until it changes or somebody says so. */
function hold(
  context: PlanContext,
  draft: PlanDraft,
  { returning, failure }: { returning: Returning; failure: NonNullable<RolloutStatus['failure']> },
): void {
  const canary = describeRevision(context, returning.template);
  draft.status = { ...draft.status, stage: 'RolledBack', canary, failure };
}
