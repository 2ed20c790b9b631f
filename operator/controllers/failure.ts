// SPDX-License-Identifier: Apache-2.0
import {
  describeCall,
  isAlreadyExists,
  isConflict,
  isFailedTest,
  isForbidden,
  isOutage,
  KubeApiError,
} from '../kube/errors.ts';
import { errorMessage, TerminalError, WaitingError } from '../runtime/errors.ts';
import { NotLeadingError } from '../runtime/leader-election.ts';

/**
 * What an error means for the object. `terminal`: only a person can help. `waiting`: something outside is not ready,
 * look again after `afterMs`. `transient`: tried again with back-off, and told. `silent`: tried again with back-off
 * and not told, because it says nothing about this object, or because nothing could be written now anyway.
 */
export type Failure =
  | { readonly kind: 'terminal' | 'transient'; readonly reason: string; readonly message: string }
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string; readonly afterMs: number }
  | { readonly kind: 'silent' };

/** Sorts an error that ended a reconcile. */
export function classifyFailure(error: unknown): Failure {
  if (error instanceof TerminalError) {
    return { kind: 'terminal', reason: error.reason, message: error.message };
  }
  if (error instanceof WaitingError) {
    return { kind: 'waiting', reason: error.reason, message: error.message, afterMs: error.afterMs };
  }
  if (isSilent(error)) return { kind: 'silent' };
  if (error instanceof KubeApiError) return describeRefusal(error);
  return { kind: 'transient', reason: 'InternalError', message: errorMessage(error) };
}

/**
 * A lost race, also for a name: it is our own, made by a call whose answer was lost, or the next plan says whose. An API server that is away or overloaded, a lost Lease, a reconcile that was cut off.
 */
function isSilent(error: unknown): boolean {
  if (isOutage(error) || error instanceof NotLeadingError) return true;
  return isConflict(error) || isAlreadyExists(error) || isFailedTest(error);
}

function describeRefusal(error: KubeApiError): Failure {
  if (isForbidden(error)) {
    return {
      kind: 'transient',
      reason: 'Forbidden',
      message: `may not ${describeCall(error)}: ${error.message}`,
    };
  }
  return { kind: 'transient', reason: 'ApiError', message: `${describeCall(error)}: ${error.message}` };
}
