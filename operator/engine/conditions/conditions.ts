// SPDX-License-Identifier: Apache-2.0
import type { Condition } from '../../api/conditions.ts';

/** A condition as somebody wants it; generation and transition time are added where it is stored. */
export interface DesiredCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

/** What every stored condition carries besides. */
export interface Stamp {
  /** The generation of the spec that the condition speaks of. */
  readonly generation: number;
  /** RFC 3339. */
  readonly now: string;
}

/** metav1.Condition: longer messages are refused by the API server. */
export const MAX_MESSAGE_CHARS = 32_768;

/** The condition of a type. */
export function getCondition(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

/** The condition is there and True. */
export function isTrue(conditions: readonly Condition[], type: string): boolean {
  return getCondition(conditions, type)?.status === 'True';
}

/**
 * The list with one condition set, sorted by type. `lastTransitionTime` changes only when `status` does, by the rule
 * of apimachinery's meta.SetStatusCondition.
 */
export function setCondition(
  conditions: readonly Condition[],
  desired: DesiredCondition,
  stamp: Stamp,
): Condition[] {
  const held = getCondition(conditions, desired.type);
  const set: Condition = {
    type: desired.type,
    status: desired.status,
    reason: desired.reason,
    message: cutMessage(desired.message),
    lastTransitionTime: held?.status === desired.status ? held.lastTransitionTime : stamp.now,
    observedGeneration: stamp.generation,
  };
  return [...removeCondition(conditions, desired.type), set].toSorted(byType);
}

/** The list without the conditions of a type. */
export function removeCondition(conditions: readonly Condition[], type: string): Condition[] {
  return conditions.filter((condition) => condition.type !== type);
}

/** Exactly the wanted conditions, with the times of those that are held already; what is not wanted goes. */
export function replaceConditions(
  held: readonly Condition[],
  wanted: readonly DesiredCondition[],
  stamp: Stamp,
): Condition[] {
  const kept = held.filter(({ type }) => wanted.some((desired) => desired.type === type));
  return wanted.reduce((conditions, desired) => setCondition(conditions, desired, stamp), kept);
}

/**
 * How a failure is told in `Ready` and its one companion: `Stalled` when only a person can help, else `Reconciling`.
 * The two are present only when True and never both (kstatus); all other conditions stay.
 */
export function failureConditions(
  held: readonly Condition[],
  failure: { readonly reason: string; readonly message: string; readonly needsPerson: boolean },
  stamp: Stamp,
): Condition[] {
  const { reason, message, needsPerson } = failure;
  const companion = needsPerson ? 'Stalled' : 'Reconciling';
  const others = removeCondition(held, needsPerson ? 'Reconciling' : 'Stalled');
  const ready = setCondition(others, { type: 'Ready', status: 'False', reason, message }, stamp);
  return setCondition(ready, { type: companion, status: 'True', reason, message }, stamp);
}

function byType(one: Condition, other: Condition): number {
  if (one.type === other.type) return 0;
  return one.type < other.type ? -1 : 1;
}

/** Cuts between code points, so that no half of a surrogate pair is left. */
function cutMessage(message: string): string {
  if (message.length <= MAX_MESSAGE_CHARS) return message;
  const cut = message.slice(0, MAX_MESSAGE_CHARS);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
