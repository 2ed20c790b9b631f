// SPDX-License-Identifier: Apache-2.0
import { Reasons } from '../../operator/api/reasons.ts';
import { getCondition, isTrue } from '../../operator/engine/conditions/conditions.ts';
import type { Model } from '../view/model.ts';

/** How a release stands, for scripts. */
export type Outcome = 'promoted' | 'rolled-back' | 'invalid' | 'waiting' | 'no-data' | 'on-its-way';

export const OUTCOME_EXITS: Readonly<Record<Outcome, number>> = {
  promoted: 0,
  'rolled-back': 1,
  invalid: 2,
  waiting: 3,
  'no-data': 4,
  'on-its-way': 6,
};

/**
 * Reads it from the conditions, which are what the operator says to scripts; nothing is concluded from anything else.
 * With `version` a release of another version counts as on its way, whatever became of it: the operator has not seen the
 * new template yet.
 */
export function outcomeOf({ status, isSeen }: Model, version?: string): Outcome {
  const { conditions = [], stage } = status;
  const reason = getCondition(conditions, 'Ready')?.reason;
  if (isSeen && reason === Reasons.InvalidSpec) return 'invalid';
  if (!isSeen || !isOfVersion(status, version)) return 'on-its-way';
  if (isTrue(conditions, 'Ready')) return 'promoted';
  if (isTrue(conditions, 'RolledBack') || stage === 'Refused') return 'rolled-back';
  if (reason === Reasons.NoData) return 'no-data';
  const needsPerson = ['Paused', 'Stalled', 'Suspended'].some((type) => isTrue(conditions, type));
  return needsPerson ? 'waiting' : 'on-its-way';
}

/** Whether it goes on by itself, so that whoever waits should wait on: missing metrics may come back. */
export function isOver(outcome: Outcome, { status }: Model): boolean {
  if (outcome === 'no-data') return isTrue(status.conditions ?? [], 'Paused');
  return outcome !== 'on-its-way';
}

function isOfVersion({ canary, stable }: Model['status'], version: string | undefined): boolean {
  return version === undefined || (canary ?? stable)?.version === version;
}
