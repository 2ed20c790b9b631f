// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';

/** One `x-kubernetes-validations` entry: a CEL rule and the sentence that a person reads when it fails. */
export interface CelRule {
  readonly rule: string;
  readonly message: string;
  /** The field to blame, such as `.steps`, where it is not the whole object. */
  readonly fieldPath?: string;
}

/** The same rule twice: as CEL for the API server and as a function for the operator. */
export interface Rule<T> {
  readonly rule: string;
  readonly message: string;
  /** The field to blame. Absent: the object itself. */
  readonly path?: readonly string[];
  holds(value: T): boolean;
}

/** zod metadata that the CRD generator passes through as it is. */
export function celRules(...rules: CelRule[]): { 'x-kubernetes-validations': CelRule[] } {
  return { 'x-kubernetes-validations': rules };
}

/** The schema with its rules, at run time and in the CRD; every broken rule is reported, not only the first. */
export function withRules<S extends z.ZodType>(schema: S, rules: readonly Rule<z.output<S>>[]): S {
  return schema
    .superRefine((value, context) => {
      for (const { message, path = [], holds } of rules) {
        if (!holds(value)) context.addIssue({ code: 'custom', path: [...path], message });
      }
    })
    .meta(celRules(...rules.map(celRuleOf)));
}

function celRuleOf({ rule, message, path }: Rule<never>): CelRule {
  return path === undefined ? { rule, message } : { rule, message, fieldPath: `.${path.join('.')}` };
}

/** Of several optional fields one is set, and no other. The first is the one to blame. */
export function exactlyOneOf(first: string, ...others: readonly [string, ...string[]]): Rule<object> {
  const fields = [first, ...others];
  const set = fields.map((field) => `has(self.${field})`);
  return {
    path: [first],
    rule: fields.length === 2 ? set.join(' != ') : `[${set.join(', ')}].filter(x, x).size() == 1`,
    message: `set exactly one of ${fields.slice(0, -1).join(', ')} and ${fields.at(-1)}`,
    holds: (value) => countPresent(value, fields) === 1,
  };
}

/** How many of the named fields an object has; the run-time twin of `[has(a), has(b)].filter(x, x).size()`. */
export function countPresent(value: object, fields: readonly string[]): number {
  return fields.filter((field) => (value as Record<string, unknown>)[field] !== undefined).length;
}
