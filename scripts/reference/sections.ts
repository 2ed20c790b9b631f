// SPDX-License-Identifier: Apache-2.0
import type { StructuralSchema } from '../../operator/crd/structural.ts';
import { typeText } from './type-text.ts';

/** A field of an object. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  /** As JSON; undefined where nothing is filled in. */
  readonly byDefault: string | undefined;
  readonly description: string;
  /** Path of the section with what is in it. */
  readonly section: string | undefined;
}

/** An object of a kind, and what holds between its fields. */
export interface Section {
  /** `spec.steps[]`: of a list what each item is, `spec.match[].headers.*` of a map what each entry is. */
  readonly path: string;
  readonly description: string;
  readonly fields: readonly Field[];
  /** What the API server refuses, in its words. */
  readonly rules: readonly string[];
}

/** An object and the objects in it, from the outside to the inside. */
export function sectionsOf(schema: StructuralSchema, path: string): Section[] {
  const properties = Object.entries(schema.properties ?? {});
  const inner = properties.map(([name, field]) => objectIn(field, `${path}.${name}`));
  const section: Section = {
    path,
    description: schema.description ?? '',
    fields: properties.map(([name, field], at) => ({
      name,
      type: typeText(field),
      isRequired: schema.required?.includes(name) ?? false,
      byDefault: field.default === undefined ? undefined : JSON.stringify(field.default),
      description: field.description ?? '',
      section: inner[at]?.path,
    })),
    rules: [...messagesIn(schema), ...properties.flatMap(([name, field]) => ruleTexts(name, field))],
  };
  return [section, ...inner.flatMap((found) => (found ? sectionsOf(found.schema, found.path) : []))];
}

/** The object that a field is, or holds in a list or a map; undefined where it has no fields. */
function objectIn(
  schema: StructuralSchema,
  path: string,
): { schema: StructuralSchema; path: string } | undefined {
  if (schema.properties) return { schema, path };
  if (schema.items) return objectIn(schema.items, `${path}[]`);
  if (schema.additionalProperties) return objectIn(schema.additionalProperties, `${path}.*`);
  return undefined;
}

/** Of a field that has no section of its own. */
function ruleTexts(name: string, schema: StructuralSchema): string[] {
  return schema.properties ? [] : messagesIn(schema).map((message) => `\`${name}\`: ${message}`);
}

function messagesIn(schema: StructuralSchema): string[] {
  const rules = (schema['x-kubernetes-validations'] ?? []) as readonly { readonly message?: string }[];
  return rules.flatMap(({ message }) => (message === undefined ? [] : [message]));
}
