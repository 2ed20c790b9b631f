// SPDX-License-Identifier: Apache-2.0
import { KubeApiError, KubeConnectionError } from './errors.ts';

const MAX_ATTEMPTS = 3;
const LONGEST_WAIT_MS = 10_000;
/** The wait where the server named none. */
const DEFAULT_WAIT_MS = 1000;
/** A kept-alive connection that the server had just closed is the usual reason; a new one is made at once. */
const RECONNECT_WAIT_MS = 50;

/**
 * Milliseconds until the next attempt, or undefined when the error is the caller's. `attempt` counts from 1.
 * 429 and 401 were refused before anything was done, so any verb may go again; a 401 once, with a fresh token.
 * After a 503 or a broken connection the write may have happened: only what is `repeatable` goes again.
 */
export function retryDelayMs(error: unknown, attempt: number, repeatable: boolean): number | undefined {
  if (attempt >= MAX_ATTEMPTS) return undefined;
  if (error instanceof KubeApiError) return waitAfterRefusal(error, attempt, repeatable);
  const isBroken = error instanceof KubeConnectionError && error.failure === 'connection';
  return isBroken && repeatable ? RECONNECT_WAIT_MS * attempt : undefined;
}

function waitAfterRefusal(error: KubeApiError, attempt: number, repeatable: boolean): number | undefined {
  if (error.status === 401) return attempt === 1 ? 0 : undefined;
  const mayRepeat = error.status === 429 || (error.status === 503 && repeatable);
  const waitMs = error.retryAfterMs ?? DEFAULT_WAIT_MS;
  return mayRepeat && waitMs <= LONGEST_WAIT_MS ? waitMs : undefined;
}
