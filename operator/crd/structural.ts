// SPDX-License-Identifier: Apache-2.0
import { type JsonSchema, toJsonSchema } from './json-schema.ts';
import { whyNotRe2 } from './patterns.ts';
import type { z } from 'zod';

/** The part of JSONSchemaProps (apiextensions.k8s.io/v1) that Headway's CRDs use. */
export interface StructuralSchema {
  description?: string;
  type?: string;
  format?: string;
  nullable?: boolean;
  enum?: readonly unknown[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: boolean;
  exclusiveMaximum?: boolean;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  anyOf?: readonly { readonly type: string }[];
  items?: StructuralSchema;
  properties?: Record<string, StructuralSchema>;
  additionalProperties?: StructuralSchema;
  required?: readonly string[];
  [extension: `x-kubernetes-${string}`]: unknown;
}

/** Copied as they are, in the order in which they are written. */
const KEPT = [
  'description',
  'type',
  'format',
  'nullable',
  'enum',
  'default',
  'minimum',
  'exclusiveMinimum',
  'maximum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
] as const;

/** Said by no field of JSONSchemaProps, and nothing is lost without them. */
const DROPPED: ReadonlySet<string> = new Set([
  '$schema',
  'readOnly',
  'title',
  'examples',
  'deprecated',
  'contentEncoding',
]);

const CONVERTED: ReadonlySet<string> = new Set([
  'items',
  'properties',
  'additionalProperties',
  'required',
  'anyOf',
  'oneOf',
  'allOf',
]);

/** Formats that the API server checks itself, better than zod's patterns for them could. */
const FORMATS: ReadonlySet<string> = new Set(['date-time', 'date', 'uri', 'uuid', 'ipv4', 'ipv6', 'byte']);

const INT32 = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
const PRESERVE = 'x-kubernetes-preserve-unknown-fields';

/**
 * The structural schema of a zod schema, as the rules of
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/ want it.
 * Throws an Error that names the field when a part of the schema has no structural form.
 */
export function toStructural(schema: z.ZodType): StructuralSchema {
  return structuralOf(toJsonSchema(schema), 'schema');
}

/** The same for a JSON schema; `at` is the path that an error names. */
export function structuralOf(json: JsonSchema, at: string): StructuralSchema {
  const { allOf } = json;
  if (Array.isArray(allOf) && allOf.length === 1) {
    const { allOf: _, ...rest } = json;
    return structuralOf({ ...(allOf[0] as JsonSchema), ...rest }, at);
  }
  const flat = flattenIntOrString(json, at);
  const result: StructuralSchema = {};
  for (const keyword of KEPT)
    if (flat[keyword] !== undefined) Object.assign(result, { [keyword]: flat[keyword] });
  convertNumber(result);
  convertString(result, at);
  convertChildren(flat, result, at);
  for (const [keyword, value] of Object.entries(flat)) {
    if (keyword.startsWith('x-kubernetes-')) Object.assign(result, { [keyword]: value });
    else if (!isKnown(keyword)) throw new Error(`${at}: the keyword ${keyword} has no place in a CRD`);
  }
  requireType(result, at);
  return result;
}

function isKnown(keyword: string): boolean {
  return DROPPED.has(keyword) || CONVERTED.has(keyword) || (KEPT as readonly string[]).includes(keyword);
}

/** The one union that a structural schema allows; the bounds of both branches move beside it. */
function flattenIntOrString(json: JsonSchema, at: string): JsonSchema {
  const { anyOf, oneOf, allOf, ...rest } = json;
  if (anyOf === undefined && oneOf === undefined && allOf === undefined) return json;
  const branches = Array.isArray(anyOf) ? (anyOf as JsonSchema[]) : [];
  const types = branches.map((branch) => branch['type']).join();
  if (oneOf !== undefined || allOf !== undefined || types !== 'integer,string') {
    throw new Error(`${at}: of all unions a CRD can only say integer or string, in this order`);
  }
  const { type: _integer, ...integerBounds } = branches[0] ?? {};
  const { type: _string, ...stringBounds } = branches[1] ?? {};
  const { format: _format, ...bounds } = convertNumber({ ...integerBounds, type: 'integer' });
  return { ...rest, ...stringBounds, ...bounds, type: undefined, 'x-kubernetes-int-or-string': true };
}

function convertNumber(schema: StructuralSchema): StructuralSchema {
  if (schema.type !== 'integer') return schema;
  const isInt32 = schema.minimum === INT32.minimum && schema.maximum === INT32.maximum;
  schema.format = isInt32 ? 'int32' : 'int64';
  if (isInt32 || schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (isInt32 || schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  return schema;
}

function convertString(schema: StructuralSchema, at: string): void {
  if (schema.type === 'string' && schema.format !== undefined) {
    if (!FORMATS.has(schema.format))
      throw new Error(`${at}: the API server does not check the format ${schema.format}`);
    delete schema.pattern;
  }
  if (schema.pattern === undefined) return;
  const reason = whyNotRe2(schema.pattern);
  if (reason !== undefined) throw new Error(`${at}: ${schema.pattern} is not RE2: it has ${reason}`);
}

function convertChildren(json: JsonSchema, result: StructuralSchema, at: string): void {
  const { items, properties, additionalProperties, required } = json;
  if (json['x-kubernetes-int-or-string'] === true) result.anyOf = [{ type: 'integer' }, { type: 'string' }];
  if (items !== undefined) result.items = structuralOf(items as JsonSchema, `${at}[]`);
  if (properties !== undefined) {
    const fields = Object.entries(properties as Record<string, JsonSchema>);
    result.properties = Object.fromEntries(
      fields.map(([name, field]) => [name, structuralOf(field, `${at}.${name}`)]),
    );
  }
  if (typeof additionalProperties === 'object' && additionalProperties !== null) {
    const isOpen = Object.keys(additionalProperties).length === 0;
    if (isOpen) result[PRESERVE] = true;
    else if (properties !== undefined)
      throw new Error(`${at}: an object has either named fields or free keys`);
    else result.additionalProperties = structuralOf(additionalProperties as JsonSchema, `${at}{}`);
  }
  if (Array.isArray(required) && required.length > 0) result.required = required as string[];
}

function requireType(schema: StructuralSchema, at: string): void {
  const isTyped =
    schema.type !== undefined || schema[PRESERVE] === true || schema['x-kubernetes-int-or-string'] === true;
  if (!isTyped) throw new Error(`${at}: has no type`);
  if (schema.type === 'array' && schema.items === undefined) throw new Error(`${at}: a list without items`);
}
