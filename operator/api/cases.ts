// SPDX-License-Identifier: Apache-2.0

/** What the API server must say of one field: the field itself and parts of its message (value, limit). */
export interface ServerError {
  readonly field: string;
  readonly says: readonly string[];
}

/** One spec and what both layers say of it. No errors: both must take it. */
export interface SpecCase {
  readonly title: string;
  readonly spec: unknown;
  /** The lines of describeSpecErrors. */
  readonly operator: readonly string[];
  /** Each cause in the API server's answer. */
  readonly server: readonly ServerError[];
}

/** What the API server adds when a wrong type or a missing field keeps it from running the CEL rules. */
export const RULES_NOT_RUN: ServerError = {
  field: '<nil>',
  says: ['some validation rules were not checked because the object was invalid'],
};

export function at(field: string, ...says: string[]): ServerError {
  return { field, says };
}

/** A spec that both layers take. */
export function good(title: string, spec: unknown): SpecCase {
  return { title, spec, operator: [], server: [] };
}
