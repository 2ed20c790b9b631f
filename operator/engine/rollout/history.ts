// SPDX-License-Identifier: Apache-2.0
import type { HistoryEntry, ReleaseOutcome, RevisionStatus } from '../../api/release-status.ts';
import { formatDuration } from '../../api/duration.ts';
import { fromIso } from '../time.ts';
import { nowIso, type PlanContext, type PlanDraft } from './draft.ts';

/** Releases kept in status, newest first. */
export const HISTORY_LIMIT = 10;

/** Writes the end of the release in flight into the history. */
export function recordOutcome(
  context: PlanContext,
  draft: PlanDraft,
  at: { outcome: ReleaseOutcome; reason: string; message: string; release?: RevisionStatus },
): void {
  const { release = draft.status.canary, ...end } = at;
  if (!release) return;
  const tookMs = context.now - fromIso(release.since);
  const entry: HistoryEntry = {
    revision: release.revision,
    ...(release.version ? { version: release.version } : {}),
    ...end,
    ...(release.since ? { startedAt: release.since } : {}),
    finishedAt: nowIso(context),
    ...(tookMs >= 0 ? { duration: formatDuration(tookMs) } : {}),
  };
  draft.status.history = [entry, ...(draft.status.history ?? [])].slice(0, HISTORY_LIMIT);
}
