// SPDX-License-Identifier: Apache-2.0
import { isGone, isNotFound, KubeApiError } from '../kube/errors.ts';
import { isOlder } from './resource-version.ts';

/** A list to be had. */
export interface Listing {
  readonly phase: 'list';
  readonly failures: number;
  /** All at once, without pages. */
  readonly whole: boolean;
  /** Up to where everything had been heard before; absent: nothing had. */
  readonly heard?: string;
  /** Lists in a row that were older than that. */
  readonly old?: number;
}

/** What a reflector does next. `failures` counts what went wrong since the API server last told something. */
export type ReflectorState =
  | Listing
  | { readonly phase: 'watch'; readonly failures: number; readonly resourceVersion: string };

/** How a watch ended. `idle`: nothing had come for the idle time, not even a bookmark. */
export type WatchEnd = 'closed' | 'idle' | 'expired' | 'failed';

/** Where a watch stood when it ended. `failures` is 0 if it told anything. */
export interface WatchProgress {
  readonly failures: number;
  readonly resourceVersion: string;
}

/** After so many refused watches in a row the resourceVersion itself is suspect, as after a restored backup. */
const MAX_REFUSED_RESUMES = 5;
/** So many lists that are older than what was heard before are not believed. With back-off this takes about a minute. */
const MAX_OLD_LISTS = 5;

/** A list tells what was true before what has been heard already: an API server that lags behind the others. */
export class OldListError extends Error {
  override readonly name = 'OldListError';
}

/**
 * Throws an OldListError for a list from before what has been heard: whoever believed it would decide from what is long
 * over. When nothing else comes time has surely gone back, as after a restored backup, and it is believed.
 */
export function refuseOldList({ heard, old = 0 }: Listing, resourceVersion: string): void {
  if (heard === undefined || old >= MAX_OLD_LISTS || !isOlder(resourceVersion, heard)) return;
  throw new OldListError(`the list is of ${resourceVersion}, and ${heard} has been heard of`);
}

/** What comes after a list that went wrong. A page token may expire before the last page is read; all at once cannot. */
export function afterFailedList(listing: Listing, error: unknown): Listing {
  const old = error instanceof OldListError ? (listing.old ?? 0) + 1 : listing.old;
  const failures = listing.failures + 1;
  return { ...listing, failures, whole: isGone(error), ...(old === undefined ? {} : { old }) };
}

/** Sorts the end of a watch: 410 (and 404, the resource is gone) need a new list, any other error does not. */
export function classifyEnd(error: unknown, isIdle: boolean): WatchEnd {
  if (isIdle) return 'idle';
  if (error === undefined) return 'closed';
  return isGone(error) || isNotFound(error) ? 'expired' : 'failed';
}

/** Resume from the last resourceVersion wherever that can work; list again where it cannot. */
export function afterWatch(progress: WatchProgress, end: WatchEnd, error: unknown): ReflectorState {
  const { resourceVersion, failures } = progress;
  const resume: ReflectorState = { phase: 'watch', failures, resourceVersion };
  const relist: ReflectorState = { phase: 'list', failures, whole: false, heard: resourceVersion };
  switch (end) {
    case 'closed':
    case 'idle':
      return { ...resume, failures: 0 };
    case 'expired':
      return relist;
    case 'failed':
      return failures > MAX_REFUSED_RESUMES && isSuspect(error) ? relist : resume;
  }
}

/** The server knew who asked and had time, and still refused: what was asked for may be the reason. */
function isSuspect(error: unknown): boolean {
  return error instanceof KubeApiError && ![401, 403, 429, 503].includes(error.status);
}
