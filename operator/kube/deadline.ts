// SPDX-License-Identifier: Apache-2.0

/** Thrown by what was cut off because its time was over. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';

  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`);
  }
}

/** An AbortSignal that aborts after a time or with an outer signal, whichever is first. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Must be called when the work is over: it frees the timer and the listener on the outer signal. */
  clear(): void;
}

/** `AbortSignal.any` would keep each short-lived signal alive as long as the outer one lives. */
export function startDeadline(timeoutMs: number, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  const onOuterAbort = () => controller.abort(outer?.reason);
  const timer = setTimeout(() => controller.abort(new DeadlineError(timeoutMs)), timeoutMs);
  if (outer?.aborted) onOuterAbort();
  outer?.addEventListener('abort', onOuterAbort, { once: true });
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', onOuterAbort);
    },
  };
}
