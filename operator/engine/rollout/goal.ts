// SPDX-License-Identifier: Apache-2.0
import type { Reason } from '../../api/reasons.ts';

/** Where traffic should be: a weight between two revisions. */
export interface Goal {
  readonly stable: string;
  readonly canary?: string | undefined;
  readonly weight: number;
  /** It is a release on its way: the chosen requests (`spec.match`) go to it at any weight. */
  readonly matched?: boolean;
  /** Canary pods, where they must differ from what the weight implies. */
  readonly replicas?: number | undefined;
  /** Canary pods that suffice to give it the weight; by default all that it shall have. */
  readonly enough?: number | undefined;
  /** The canary gets no more than it has; what it had may be put right, and less is always possible. */
  readonly frozen?: boolean;
}

/** How far the motion is. Exactly one of `reached`, `waiting` and `problem` says so. */
export interface Motion {
  readonly reached: boolean;
  /** What it waits for, to complete "waits for ...". */
  readonly waiting?: string;
  /** It waits for a time that is set, so that no deadline counts against it. */
  readonly patient?: boolean;
  /** Why it may not go on by itself. */
  readonly problem?: { readonly reason: Reason; readonly message: string };
}

/** A frozen goal that is not reached waits for a person or for evidence, not for the cluster. */
export const FROZEN: Motion = Object.freeze({
  reached: false,
  waiting: 'the release to go on',
  patient: true,
});

export const REACHED: Motion = Object.freeze({ reached: true });

export function waitingFor(waiting: string): Motion {
  return { reached: false, waiting };
}

/** As waitingFor, for something that surely comes and takes as long as it was told to. */
export function patientFor(waiting: string): Motion {
  return { reached: false, waiting, patient: true };
}

export function held(reason: Reason, message: string): Motion {
  return { reached: false, problem: { reason, message } };
}
