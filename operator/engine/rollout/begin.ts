// SPDX-License-Identifier: Apache-2.0
import type { RevisionStatus } from '../../api/release-status.ts';
import { EventReasons } from '../../api/reasons.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { goBack } from './going-back.ts';
import { inWindow } from './previous.ts';
import { describeRevision, startRelease } from './release.ts';
import { canaryName } from './sentences.ts';

/** The target asks for another revision: it is gone back to where it was stable not long ago, and released otherwise. */
export function begin(context: PlanContext, draft: PlanDraft, revision: string): void {
  const known = inWindow(context, draft.status, revision);
  if (known) goBack(context, draft, { to: known, by: 'Template' });
  else beginBySteps(context, draft, revision);
}

/** What stands without traffic gives way when the target asks for stable again, or for yet another revision. */
export function givesWay(
  context: PlanContext,
  draft: PlanDraft,
  { stable, wanted }: { stable: RevisionStatus; wanted: string },
): boolean {
  if (wanted === stable.revision) {
    const { canary: _canary, step: _step, ...kept } = draft.status;
    draft.status = { ...kept, stage: 'Idle' };
    return true;
  }
  if (wanted === draft.status.canary?.revision) return false;
  begin(context, draft, wanted);
  return true;
}

/** Starts the release of a revision; where releases are managed, it waits to be admitted first. */
export function beginBySteps(context: PlanContext, draft: PlanDraft, revision: string): void {
  if (context.spec.releasePolicy === 'Managed') awaitAdmission(context, draft, revision);
  else startRelease(context, draft, revision);
}

function awaitAdmission(context: PlanContext, draft: PlanDraft, revision: string): void {
  const { pause: _pause, step: _step, returning: _returning, skipChecks: _skip, ...kept } = draft.status;
  draft.status = { ...kept, stage: 'Waiting', canary: describeRevision(context, revision) };
  draft.emit(EventReasons.ApprovalRequired, `${canaryName(draft.status)} found; it waits for admission`);
}
