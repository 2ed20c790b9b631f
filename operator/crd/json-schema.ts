// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** A node of a JSON schema as zod writes it; what its keywords hold is looked at where it is used. */
export type JsonSchema = { readonly [keyword: string]: unknown };

interface Seen {
  readonly schema: z.core.$ZodTypes;
  readonly json: JsonSchema;
}

/** Kinds of zod schema that a CRD cannot say, and that zod leaves out without a word. */
const SILENT_TYPES: ReadonlySet<string> = new Set(['pipe', 'transform', 'catch', 'lazy', 'custom']);

/** Keywords that say in a CRD what a refinement says at run time. */
const TWINS_OF_REFINEMENT = ['x-kubernetes-validations', 'x-kubernetes-list-type', 'maxProperties'];

/**
 * What zod knows of a schema, as OpenAPI 3.0 with every reference written out.
 * Throws an Error that names each field whose refinement or key pattern would silently be missing from the CRD; a schema
 * object that is used in several places is named by the first.
 */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  const seen = new Map<string, Seen[]>();
  const { definitions = {}, ...json } = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
    cycles: 'throw',
    override: ({ zodSchema, jsonSchema, path }) => {
      const field = path.filter((part) => part !== 'properties').join('.');
      seen.set(field, [...(seen.get(field) ?? []), { schema: zodSchema, json: { ...jsonSchema } }]);
    },
  }) as JsonSchema & { definitions?: Readonly<Record<string, JsonSchema>> };
  const silent = [...seen].flatMap(([field, nodes]) => silentIn(nodes).map((what) => `${field}: ${what}`));
  if (silent.length > 0)
    throw new Error(['the CRD would not say all that zod checks:', ...silent.sort()].join('\n'));
  return inlineReferences(json, definitions) as JsonSchema;
}

/** zod visits the links of a chain such as `.refine().meta().optional()` one by one; the last one has it all. */
function silentIn(nodes: readonly Seen[]): string[] {
  const last = nodes.at(-1)?.json ?? {};
  const isPaired = TWINS_OF_REFINEMENT.some((keyword) => keyword in last);
  const problems = new Set<string>();
  for (const { schema } of nodes) {
    const { type, checks = [] } = schema._zod.def;
    if (SILENT_TYPES.has(type)) problems.add(`a ${type} has no meaning in a CRD`);
    if (checks.some((check) => check._zod.def.check === 'custom') && !isPaired) {
      problems.add('a refinement needs a CEL rule, a list type or maxProperties beside it');
    }
    if (hasCheckedKeys(schema) && !('x-kubernetes-validations' in last)) {
      problems.add('a pattern or length of keys needs a CEL rule');
    }
  }
  return [...problems];
}

function hasCheckedKeys(schema: z.core.$ZodTypes): boolean {
  const { def } = schema._zod;
  if (def.type !== 'record') return false;
  const key = def.keyType._zod.def;
  return key.type !== 'string' || (key.checks ?? []).length > 0;
}

/** It ends: zod has thrown for a schema that contains itself. */
function inlineReferences(node: unknown, definitions: Readonly<Record<string, JsonSchema>>): unknown {
  if (Array.isArray(node)) return node.map((item) => inlineReferences(item, definitions));
  if (typeof node !== 'object' || node === null) return node;
  const { $ref, ...rest } = node as JsonSchema;
  const inlined = Object.fromEntries(
    Object.entries(rest).map(([keyword, value]) => [keyword, inlineReferences(value, definitions)]),
  );
  if (typeof $ref !== 'string') return inlined;
  const target = inlineReferences(definitions[$ref.replace('#/definitions/', '')], definitions);
  return { ...(target as JsonSchema), ...inlined };
}
