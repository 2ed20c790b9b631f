// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus } from '../../api/rollout-status.ts';
import { EventReasons } from '../../api/reasons.ts';
import { fromIso } from '../time.ts';
import { nowIso, type PlanContext, type PlanDraft } from './draft.ts';

/** How often within FIGHT_WINDOW_MS an overwrite is put right before Headway holds instead of fighting on. */
export const MAX_FIGHTS = 3;
export const FIGHT_WINDOW_MS = 600_000;

/** What somebody else overwrote: which field of which object, what it should be, what it is, and who did it. */
export interface Overwrite {
  readonly field: string;
  readonly wanted: string;
  readonly found: string;
  readonly manager?: string | undefined;
  /** What becomes of it after it was put back too often; absent: it is left as it is. */
  readonly outcome?: string;
}

/**
 * Counts an overwrite and says whether to put it right. Within ten minutes the fourth one is left as it is, and told
 * once: two writers that undo each other for ever hurt more than one of them losing.
 */
export function mayRestore(context: PlanContext, draft: PlanDraft, overwrite: Overwrite): boolean {
  const { field, wanted, found, manager } = overwrite;
  const before = draft.status.fights?.[field];
  const count = before && isRecent(before.at, context.now) ? before.count : 0;
  if (before && count >= MAX_FIGHTS) {
    giveUp(context, draft, overwrite, before);
    return false;
  }
  draft.status.fights = {
    ...recentFights(context, draft),
    [field]: { count: count + 1, at: nowIso(context), ...(manager ? { manager } : {}) },
  };
  draft.emit(
    EventReasons.TrafficOverwritten,
    `${manager ?? 'somebody'} changed ${field} from ${wanted} to ${found}; put back (${count + 1} of ${MAX_FIGHTS})`,
    'Warning',
  );
  return true;
}

/** Whether this field is left as others want it, should they have changed it again. */
export function isHeld({ now }: PlanContext, { status }: PlanDraft, field: string): boolean {
  const { count = 0, at } = status.fights?.[field] ?? {};
  return count >= MAX_FIGHTS && isRecent(at, now);
}

type Fight = NonNullable<RolloutStatus['fights']>[string];

function giveUp(context: PlanContext, draft: PlanDraft, overwrite: Overwrite, before: Fight): void {
  draft.wakeIn(fromIso(before.at) + FIGHT_WINDOW_MS - context.now);
  if (before.count > MAX_FIGHTS) return;
  const { field, manager } = overwrite;
  const told = { ...before, count: before.count + 1, ...(manager ? { manager } : {}) };
  draft.status.fights = { ...recentFights(context, draft), [field]: told };
  draft.emit(EventReasons.Contended, contendedMessage(overwrite), 'Warning');
}

/** Whether a field is left as others want it. */
export function isContended({ fights = {} }: RolloutStatus, now: number): boolean {
  return Object.values(fights).some(({ count, at }) => count > MAX_FIGHTS && isRecent(at, now));
}

/** Somebody who asks for something has seen what is held: every field is put right again, and counted anew. */
export function forgetFights({ status }: PlanDraft): void {
  delete status.fights;
}

/** Fights that are over are forgotten, so that the list stays short. */
function recentFights({ now }: PlanContext, { status }: PlanDraft) {
  const fights = Object.entries(status.fights ?? {});
  return Object.fromEntries(fights.filter(([, { at }]) => isRecent(at, now)));
}

function isRecent(at: string | undefined, now: number): boolean {
  return now - fromIso(at) < FIGHT_WINDOW_MS;
}

/** The sentence while Headway holds instead of fighting on. */
export function contendedMessage({ field, wanted, found, manager, outcome = 'now held' }: Overwrite): string {
  return `${manager ?? 'somebody'} keeps changing ${field} to ${found}; it should be ${wanted}. Put back ${MAX_FIGHTS} times, ${outcome}: let one of the two writers own it`;
}
