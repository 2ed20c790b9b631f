// SPDX-License-Identifier: Apache-2.0
import type { RolloutPhase } from '../../api/rollout-status.ts';
import { type Reason, Reasons } from '../../api/reasons.ts';
import type { PlannedCondition } from './types.ts';

/** How a state looks from outside: the row of the status contract and its sentence. */
export interface View {
  readonly phase: RolloutPhase;
  readonly ready: 'True' | 'False' | 'Unknown';
  readonly reason: Reason;
  readonly message: string;
  /** At most one: Reconciling while Headway works or waits, Stalled when only a person can help. */
  readonly progress?: 'Reconciling' | 'Stalled';
  /** Further conditions that are True. */
  readonly also?: readonly ('Paused' | 'Promoted' | 'RolledBack' | 'Suspended')[];
}

export function progressing(message: string): View {
  return {
    phase: 'Progressing',
    ready: 'False',
    reason: Reasons.Progressing,
    message,
    progress: 'Reconciling',
  };
}

/** Waits for a person. */
export function paused(reason: Reason, message: string): View {
  return { phase: 'Paused', ready: 'False', reason, message, progress: 'Reconciling', also: ['Paused'] };
}

/** Waits for somebody else's word, which is not that of the person who looks at it. */
export function waiting(message: string): View {
  return { ...paused(Reasons.WaitingForAdmission, message), phase: 'Waiting' };
}

/** Holds by itself and goes on by itself. */
export function holding(reason: Reason, message: string): View {
  return { phase: 'Holding', ready: 'False', reason, message, progress: 'Reconciling' };
}

/** Holds until a person mends something; a change of it is noticed at once. */
export function blocked(reason: Reason, message: string): View {
  return { phase: 'Holding', ready: 'False', reason, message, progress: 'Stalled' };
}

export function healthy(message: string): View {
  return { phase: 'Healthy', ready: 'True', reason: Reasons.Succeeded, message, also: ['Promoted'] };
}

/** Promoted, but not yet for good: whoever waits for Ready wants the last word. */
export function baking(message: string): View {
  return { ...progressing(message), reason: Reasons.Baking, also: ['Promoted'] };
}

export function rollingBack(message: string): View {
  return {
    phase: 'RollingBack',
    ready: 'False',
    reason: Reasons.RollingBack,
    message,
    progress: 'Reconciling',
  };
}

export function rolledBack(reason: Reason, message: string): View {
  return { phase: 'RolledBack', ready: 'False', reason, message, progress: 'Stalled', also: ['RolledBack'] };
}

/** The conditions of a view; those that are not True are absent, but Ready, which is always there. */
export function conditionsOf(view: View): PlannedCondition[] {
  const { reason, message } = view;
  const named = [view.progress, ...(view.also ?? [])].filter((type) => type !== undefined);
  return [
    { type: 'Ready', status: view.ready, reason, message },
    ...named.map((type) => ({ type, status: 'True' as const, reason, message })),
  ];
}
