// SPDX-License-Identifier: Apache-2.0
import type { HistoryEntry, ReleaseOutcome } from '../../api/canary-status.ts';
import { nowIso, type PlanContext, type PlanDraft } from './draft.ts';

/** Releases kept in status, newest first. */
export const HISTORY_LIMIT = 10;

/** Writes the end of the release in flight into the history. */
export function recordOutcome(
  context: PlanContext,
  draft: PlanDraft,
  end: { outcome: ReleaseOutcome; reason: string; message: string },
): void {
  const { canary } = draft.status;
  if (!canary) return;
  const entry: HistoryEntry = {
    revision: canary.revision,
    ...(canary.version ? { version: canary.version } : {}),
    ...end,
    ...(canary.since ? { startedAt: canary.since } : {}),
    finishedAt: nowIso(context),
  };
  draft.status.history = [entry, ...(draft.status.history ?? [])].slice(0, HISTORY_LIMIT);
}
