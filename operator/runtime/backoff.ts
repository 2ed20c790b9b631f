// SPDX-License-Identifier: Apache-2.0

/**
 * Milliseconds to wait after `failures` failures in a row: 1 s doubling to 30 s, of which up to a fifth is taken off
 * by `random` (0 to 1), so that what failed together does not come back together. The shortest wait is 0.8 s.
 */
export function backoffMs(failures: number, random: () => number): number {
  const baseMs = Math.min(1000 * 2 ** Math.max(failures - 1, 0), 30_000);
  return Math.round(baseMs * (1 - 0.2 * random()));
}
