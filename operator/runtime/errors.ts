// SPDX-License-Identifier: Apache-2.0

/**
 * Only a person can help: the object becomes `Stalled` with `reason`, and nothing is retried until it changes.
 * `reason` is a CamelCase constant, `message` one sentence for people.
 */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
  readonly reason: string;

  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Something outside is not ready yet: not a failure, no back-off; the object is looked at again after `afterMs`. */
export class WaitingError extends Error {
  override readonly name = 'WaitingError';
  readonly reason: string;
  readonly afterMs: number;

  constructor(reason: string, message: string, afterMs: number) {
    super(message);
    this.reason = reason;
    this.afterMs = afterMs;
  }
}

/** The sentence of whatever was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
