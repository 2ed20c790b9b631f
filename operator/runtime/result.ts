// SPDX-License-Identifier: Apache-2.0

/**
 * What a reconcile asks for. `done`: nothing until something it watches changes. `requeue`: once more after
 * `afterMs` at the latest; a change in between brings it forward. To ask for back-off, throw.
 */
export type Result = { readonly kind: 'done' } | { readonly kind: 'requeue'; readonly afterMs: number };

/** Nothing more to do until something changes. */
export const done: Result = Object.freeze({ kind: 'done' });

/** Once more after `afterMs` milliseconds. */
export function requeueAfter(afterMs: number): Result {
  if (!Number.isFinite(afterMs) || afterMs < 0) throw new RangeError(`requeue after ${afterMs} ms`);
  return { kind: 'requeue', afterMs };
}
