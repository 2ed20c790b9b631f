// SPDX-License-Identifier: Apache-2.0
import { errors } from 'undici';
import { DeadlineError } from './deadline.ts';
import { type CallSubject, type ConnectionFailure, KubeApiError, KubeConnectionError } from './errors.ts';

/**
 * What the caller sees for whatever a call threw: the reason of its own signal if that ended the call, KubeApiError
 * as it is, and KubeConnectionError for all that happens below HTTP.
 */
export function decodeFailure(
  thrown: unknown,
  subject: CallSubject,
  signal: AbortSignal | undefined,
): unknown {
  if (thrown instanceof KubeApiError) return thrown;
  if (signal?.aborted) return signal.reason;
  return new KubeConnectionError(failureOf(thrown), subject, thrown);
}

function failureOf(thrown: unknown): ConnectionFailure {
  if (thrown instanceof DeadlineError) return 'timeout';
  if (thrown instanceof errors.HeadersTimeoutError || thrown instanceof errors.BodyTimeoutError)
    return 'timeout';
  if (thrown instanceof errors.ConnectTimeoutError) return 'timeout';
  if (thrown instanceof errors.HTTPParserError) return 'protocol';
  return 'connection';
}

/** The label of a failed attempt: the HTTP code, `timeout`, `connection`, `protocol`, or `aborted`. */
export function statusLabel(error: unknown): string {
  if (error instanceof KubeApiError) return String(error.status);
  return error instanceof KubeConnectionError ? error.failure : 'aborted';
}
