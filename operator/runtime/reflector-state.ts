// SPDX-License-Identifier: Apache-2.0
import { isGone, isNotFound, KubeApiError } from '../kube/errors.ts';

/** What a reflector does next. `failures` counts what went wrong since the API server last told something. */
export type ReflectorState =
  | { readonly phase: 'list'; readonly failures: number; readonly whole: boolean }
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
  const relist: ReflectorState = { phase: 'list', failures, whole: false };
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
