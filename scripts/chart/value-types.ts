// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** A part of the values with fields of its own; where it is not given all its defaults hold. Unknown fields are refused. */
export function section<Shape extends z.ZodRawShape>(description: string, shape: Shape) {
  return z.strictObject(shape).describe(description);
}

/** A switch that is on. */
export function on(description: string) {
  return z.boolean().default(true).describe(description);
}

/** A switch that is off. */
export function off(description: string) {
  return z.boolean().default(false).describe(description);
}

export function text(description: string) {
  return z.string().default('').describe(description);
}

/** Labels or annotations. */
export function map(description: string, byDefault: Record<string, string> = {}) {
  return z.record(z.string(), z.string()).default(byDefault).describe(description);
}

export function list<Item extends z.ZodType>(
  item: Item,
  description: string,
  byDefault: z.output<Item>[] = [],
) {
  return z
    .array(item)
    .max(100)
    .default(byDefault as never)
    .describe(description);
}

/** A part of an object of Kubernetes, which the API server checks. */
export function object(description: string, byDefault: Record<string, unknown> = {}) {
  return z.looseObject({}).default(byDefault).describe(description);
}

const NAME = '[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?';
const NAMESPACE = '[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?';

/** Name of an object. */
export function name() {
  return z.string().regex(new RegExp(`^${NAME}$`));
}

export function nameOrNothing() {
  return z.string().regex(new RegExp(`^(${NAME})?$`));
}

export function namespace() {
  return z.string().regex(new RegExp(`^${NAMESPACE}$`));
}

export function namespaceOrNothing() {
  return z.string().regex(new RegExp(`^(${NAMESPACE})?$`));
}
