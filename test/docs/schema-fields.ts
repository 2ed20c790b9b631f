// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** A field as the tables of docs/spec should have it. */
export interface Field {
  /** Steps by dots; `[]` for an item of a list, `*` for an entry of a map. */
  readonly path: string;
  /** It holds no named fields, or they are described elsewhere. */
  readonly isLeaf: boolean;
  readonly isRequired: boolean;
  readonly byDefault: unknown;
  /** Its bounds in the words of the tables. */
  readonly limits: string;
}

/** Every field of a schema. Those below a path of `elsewhere` are left out. */
export function fieldsOf(schema: z.ZodType, elsewhere: readonly string[] = []): Field[] {
  const json = z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input', reused: 'inline' });
  return below(json, '', elsewhere);
}

function below(schema: JsonSchema, path: string, elsewhere: readonly string[]): Field[] {
  const isElsewhere = elsewhere.includes(path);
  const children = isElsewhere ? [] : childrenOf(schema, path);
  return children.flatMap(({ child, at, isRequired }) => {
    const deeper = below(child, at, elsewhere);
    const field: Field = {
      path: at,
      isLeaf: deeper.length === 0,
      isRequired,
      byDefault: child.default,
      limits: limitsOf(child),
    };
    // An item or an entry without a name of its own is told with its list; only its bounds are a field.
    return isNameless(at) && deeper.length > 0 ? deeper : [field, ...deeper];
  });
}

function isNameless(path: string): boolean {
  return path.endsWith('[]') || path.endsWith('*');
}

interface Child {
  readonly child: JsonSchema;
  readonly at: string;
  readonly isRequired: boolean;
}

function childrenOf(schema: JsonSchema, path: string): Child[] {
  const prefix = path === '' ? '' : `${path}.`;
  const named = Object.entries(schema.properties ?? {}).map(([name, child]) => ({
    child: schemaIn(child),
    at: `${prefix}${name}`,
    isRequired: schema.required?.includes(name) ?? false,
  }));
  const items = schema.items && !Array.isArray(schema.items) ? [schemaIn(schema.items)] : [];
  return [
    ...named,
    ...items.map((child) => ({ child, at: `${path}[]`, isRequired: false })),
    ...entriesOf(schema).map((child) => ({ child, at: `${path}.*`, isRequired: false })),
  ];
}

/** Entries of a map are fields only where they have fields; a map of texts is one field. */
function entriesOf({ additionalProperties }: JsonSchema): JsonSchema[] {
  if (typeof additionalProperties !== 'object') return [];
  const entry = schemaIn(additionalProperties);
  return entry.properties ? [entry] : [];
}

function schemaIn(found: unknown): JsonSchema {
  if (typeof found === 'object' && found !== null) return found as JsonSchema;
  throw new Error('a schema that allows everything or nothing cannot be described');
}

function limitsOf(schema: JsonSchema): string {
  const duration = /a duration from (\S+) to (\S+)$/.exec(messagesOf(schema));
  if (duration) return `${duration[1]} to ${duration[2]}`;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.type === 'string') return `${schema.minLength ?? 0} to ${schema.maxLength} characters`;
  if (schema.type === 'array') return `${schema.minItems ?? 0} to ${schema.maxItems} items`;
  if (schema.maxProperties !== undefined) return `0 to ${schema.maxProperties} entries`;
  return schema.type === 'integer' || schema.type === 'number' ? numbersOf(schema) : String(schema.type);
}

function numbersOf({ minimum, maximum, exclusiveMaximum }: JsonSchema): string {
  if (minimum === undefined && maximum === undefined) return 'number';
  return `${minimum} to ${exclusiveMaximum ? 'less than ' : ''}${maximum}`;
}

function messagesOf(schema: JsonSchema): string {
  const rules = schema['x-kubernetes-validations'];
  return Array.isArray(rules) ? rules.map(({ message }: { message: string }) => message).join('; ') : '';
}
