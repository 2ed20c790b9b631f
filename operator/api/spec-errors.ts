// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';

/** Longer values are cut, so that a message stays a sentence. */
const MAX_VALUE_CHARS = 60;

/** One error of a spec: the field, from the spec on, and what is wrong with it. */
export interface SpecError {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * Every error of a spec, one line each, as the API server would name the field: `spec.weights[0]: 101: must be at
 * most 100`. `spec` is the value that was parsed; the found value is left out where it is an object, a list or absent.
 */
export function describeSpecErrors(error: z.ZodError, spec: unknown): string[] {
  return specErrors(error, spec).map(({ path, message }) => `${fieldPath(path)}: ${message}`);
}

/** The same with the field apart. */
export function specErrors(error: z.ZodError, spec: unknown): SpecError[] {
  return error.issues.map((issue) => {
    const value = valueAt(spec, issue.path);
    const shown = isScalar(value) ? `${printable(value)}: ` : '';
    return { path: issue.path, message: `${shown}${sentenceOf(issue, value)}` };
  });
}

function fieldPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${String(part)}`),
    'spec',
  );
}

function valueAt(spec: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined),
    spec,
  );
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}

function isScalar(value: unknown): boolean {
  return value !== undefined && !isObject(value);
}

function printable(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length <= MAX_VALUE_CHARS ? text : `${text.slice(0, MAX_VALUE_CHARS)}...`;
}

function sentenceOf(issue: z.core.$ZodIssue, value: unknown): string {
  const isMissing = value === undefined;
  if (issue.code === 'invalid_type')
    return isMissing ? 'is required' : `must be ${withArticle(issue.expected)}`;
  if (issue.code === 'too_big') {
    return `must ${boundOf(issue.origin, issue.inclusive ? 'at most' : 'less than', issue.maximum)}`;
  }
  if (issue.code === 'too_small') {
    return `must ${boundOf(issue.origin, issue.inclusive ? 'at least' : 'more than', issue.minimum)}`;
  }
  if (issue.code === 'invalid_value') return isMissing ? 'is required' : `must be ${oneOf(issue.values)}`;
  return issue.message;
}

function oneOf(values: readonly unknown[]): string {
  return `${values.length > 1 ? 'one of ' : ''}${values.map(printable).join(', ')}`;
}

function boundOf(origin: string, side: string, bound: number | bigint): string {
  if (origin === 'string') return `have ${side} ${bound} characters`;
  if (origin === 'array') return `have ${side} ${bound} items`;
  return `be ${side} ${bound}`;
}

function withArticle(type: string): string {
  if (type === 'int') return 'an integer';
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}
