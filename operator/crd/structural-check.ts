// SPDX-License-Identifier: Apache-2.0
import type { StructuralSchema } from './structural.ts';
import { REFUSING } from './permissive.ts';

/** Formats whose length the API server knows. */
const BOUNDED_FORMATS: ReadonlySet<string> = new Set(['date-time', 'date', 'uuid', 'ipv4', 'ipv6']);

interface Field {
  readonly at: string;
  readonly schema: StructuralSchema;
  /** A named field, which `kubectl explain` shows; not an item of a list or a value of a map. */
  readonly isNamed: boolean;
}

/** What is wrong with the schema of a spec: fields without words, bounds or keys, one sentence each. */
export function checkSpec(schema: StructuralSchema, at = 'spec'): string[] {
  return fieldsOf({ at, schema, isNamed: true }).flatMap((field) => [
    ...missingWords(field),
    ...missingBounds(field),
    ...missingKeys(field),
  ]);
}

/** What is wrong with the schema of a status: fields without words, and all that could refuse a write. */
export function checkStatus(schema: StructuralSchema, at = 'status'): string[] {
  return fieldsOf({ at, schema, isNamed: true }).flatMap((field) => [
    ...missingWords(field),
    ...missingKeys(field),
    ...refusals(field),
  ]);
}

function fieldsOf(field: Field): Field[] {
  const { at, schema } = field;
  const children: Field[] = Object.entries(schema.properties ?? {}).map(([name, child]) => ({
    at: `${at}.${name}`,
    schema: child,
    isNamed: true,
  }));
  if (schema.items) children.push({ at: `${at}[]`, schema: schema.items, isNamed: false });
  if (schema.additionalProperties) {
    children.push({ at: `${at}{}`, schema: schema.additionalProperties, isNamed: false });
  }
  return [field, ...children.flatMap(fieldsOf)];
}

function missingWords({ at, schema, isNamed }: Field): string[] {
  const words = schema.description ?? '';
  if (!isNamed) return [];
  if (words === '') return [`${at}: has no description`];
  return /[.!?]$/.test(words) ? [] : [`${at}: its description does not end a sentence`];
}

function missingBounds({ at, schema }: Field): string[] {
  const isText = schema.type === 'string' || schema['x-kubernetes-int-or-string'] === true;
  const isClosed = schema.enum !== undefined || BOUNDED_FORMATS.has(schema.format ?? '');
  const problems: string[] = [];
  if (isText && !isClosed && schema.maxLength === undefined)
    problems.push(`${at}: a string without maxLength`);
  if (schema.type === 'array' && schema.maxItems === undefined)
    problems.push(`${at}: a list without maxItems`);
  if (schema.additionalProperties && schema.maxProperties === undefined) {
    problems.push(`${at}: a map without maxProperties`);
  }
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) problems.push(`${at}: takes unknown fields`);
  return problems;
}

function missingKeys({ at, schema }: Field): string[] {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (!Array.isArray(keys)) return [];
  const { required = [], properties = {} } = schema.items ?? {};
  return (keys as string[])
    .filter((key) => !required.includes(key) && properties[key]?.default === undefined)
    .map((key) => `${at}: its key ${key} is neither required nor defaulted`);
}

function refusals({ at, schema }: Field): string[] {
  return REFUSING.filter((keyword) => keyword !== 'required' && schema[keyword] !== undefined).map(
    (keyword) => `${at}: ${keyword} could refuse what another version of the operator writes`,
  );
}
