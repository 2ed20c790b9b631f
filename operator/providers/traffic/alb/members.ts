// SPDX-License-Identifier: Apache-2.0

/** An object of JSON, its members in the order in which they were written. */
export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A member of an object by its name in any case; of several the last one. So does encoding/json of Go, with which the
 * AWS Load Balancer Controller reads its annotations, and many write `ForwardConfig`.
 */
export function memberOf(json: Json, name: string): unknown {
  const key = keyOf(json, name);
  return key === undefined ? undefined : json[key];
}

/** The object with another value for this member, in the spelling and at the place that it has; else at the end. */
export function withMember(json: Json, name: string, value: unknown): Json {
  return { ...json, [keyOf(json, name) ?? name]: value };
}

function keyOf(json: Json, name: string): string | undefined {
  return Object.keys(json).findLast((key) => key.toLowerCase() === name.toLowerCase());
}
