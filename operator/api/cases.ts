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

interface BadCheck {
  readonly title: string;
  readonly check: object;
  readonly operator: readonly string[];
  readonly server: readonly ServerError[];
}

/** A template whose one check is bad; errors are named from the check on. */
export function badCheck({ title, check, operator, server }: BadCheck): SpecCase {
  return {
    title,
    spec: { checks: [check] },
    operator: operator.map((line) => `spec.checks[0]${line}`),
    server: server.map((error) =>
      error === RULES_NOT_RUN ? error : { ...error, field: `spec.checks[0]${error.field}` },
    ),
  };
}

/** A check that breaks one rule, which both layers say in the same words. */
export function brokenRule(title: string, check: object, said: { field: string; message: string }): SpecCase {
  const { field, message } = said;
  const value = (check as Record<string, unknown>)[field.slice(1)];
  const shown = value === undefined || typeof value === 'object' ? '' : `${JSON.stringify(value)}: `;
  return badCheck({
    title,
    check,
    operator: [`${field}: ${shown}${message}`],
    server: [at(field, message)],
  });
}
