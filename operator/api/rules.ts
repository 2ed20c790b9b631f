// SPDX-License-Identifier: Apache-2.0

/** One `x-kubernetes-validations` entry: a CEL rule and the sentence that a person reads when it fails. */
export interface CelRule {
  readonly rule: string;
  readonly message: string;
}

/** zod metadata that the CRD generator passes through as it is. */
export function celRules(...rules: CelRule[]): { 'x-kubernetes-validations': CelRule[] } {
  return { 'x-kubernetes-validations': rules };
}

/** How many of the named fields an object has; the run-time twin of `[has(a), has(b)].filter(x, x).size()`. */
export function countPresent(value: object, fields: readonly string[]): number {
  return fields.filter((field) => (value as Record<string, unknown>)[field] !== undefined).length;
}
