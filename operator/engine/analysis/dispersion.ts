// SPDX-License-Identifier: Apache-2.0
import type { ArmCounts } from '../../api/evidence-status.ts';
import type { Noise } from './count-types.ts';

/** So many errors are assumed to have come singly before anything was seen. */
const SINGLE_ERRORS = 10;
/** A change as great as this by chance alone: once in a thousand (the 99.9 % quantile of chi-square with 1 degree). */
const GREATEST_CHANCE = 10.83;

/** The variance does not say how long the tail is: the greatest bursts are greater than it makes them seem. */
const LONG_TAIL = 1.5;

/**
 * How unevenly the errors of an arm come: 1 for independent ones, more for bursts. It grows with the ratio of the squared changes between neighbouring times to what independent errors would show,
 * about twice the mean size of bursts, which neither a slow drift of the rate nor a different number of requests adds
 * to. Never less than 1.
 */
export function dispersionOf({ changes, errors }: Noise): number {
  return 1 + LONG_TAIL * Math.max(0, (changes - errors) / (SINGLE_ERRORS + errors));
}

/** The noise with one more pair of neighbouring times. A time without requests says nothing. */
export function withChange(noise: Noise, before: ArmCounts, after: ArmCounts): Noise {
  if (before.requests <= 0 || after.requests <= 0) return noise;
  return {
    changes: noise.changes + squaredChange(before, after),
    errors: noise.errors + before.errors + after.errors,
  };
}

/** Whether two neighbouring times of an arm differ by no more than its usual noise. */
export function isSteady(before: ArmCounts, after: ArmCounts, dispersion: number): boolean {
  const errors = before.errors + after.errors;
  if (before.requests <= 0 || after.requests <= 0 || errors <= 0) return true;
  return squaredChange(before, after) / errors <= GREATEST_CHANCE * dispersion;
}

/** Given e + e' independent errors, the difference has the mean 0 and this square has the mean e + e'. */
function squaredChange(before: ArmCounts, after: ArmCounts): number {
  const difference = after.errors * before.requests - before.errors * after.requests;
  return (difference * difference) / (before.requests * after.requests);
}
