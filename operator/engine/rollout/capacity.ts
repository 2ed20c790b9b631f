// SPDX-License-Identifier: Apache-2.0

/** Pods of both sides. */
export interface Split {
  readonly canary: number;
  readonly stable: number;
}

/**
 * Canary pods that a weight needs beside a stable side at full strength: its share of the total, rounded up.
 * A weight above 0 never gives 0 pods while there are any at all, nor does 0 where chosen requests go to the canary.
 */
export function canaryPodsFor(weight: number, total: number, matched = false): number {
  return Math.max(matched ? Math.min(1, total) : 0, Math.ceil((total * weight) / 100));
}

/**
 * The pods of both sides whose ratio is closest to the weight, with `total` pods in all.
 * A weight from 1 to 99 leaves no side without pods; with one pod in all, both sides get one.
 */
export function splitFor(weight: number, total: number): Split {
  if (total === 0) return { canary: 0, stable: 0 };
  if (weight <= 0) return { canary: 0, stable: total };
  if (weight >= 100) return { canary: total, stable: 0 };
  if (total === 1) return { canary: 1, stable: 1 };
  const canary = Math.min(total - 1, Math.max(1, Math.round((total * weight) / 100)));
  return { canary, stable: total - canary };
}

/** Enough pods to take all traffic back in need, until the other half is there: at least one, unless there are none at all. */
export function halfOf(total: number): number {
  return Math.ceil(total / 2);
}

/** The percentage of traffic that ready pods of one kind get among all that are behind a Service. */
export function shareOf(part: number, all: number): number {
  return all === 0 ? 0 : Math.round((100 * part) / all);
}
