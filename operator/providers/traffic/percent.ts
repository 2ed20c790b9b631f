// SPDX-License-Identifier: Apache-2.0

/** Throws a RangeError unless `weight` is an integer from 0 to 100. */
export function requirePercent(weight: number): void {
  if (Number.isInteger(weight) && weight >= 0 && weight <= 100) return;
  throw new RangeError(`a weight is an integer from 0 to 100, not ${weight}`);
}
