// SPDX-License-Identifier: Apache-2.0

/** A text, a number or a boolean as a text; undefined for anything else. */
export function textOfScalar(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
