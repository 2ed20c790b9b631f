// SPDX-License-Identifier: Apache-2.0
import { DURATION_PATTERN } from '../../operator/api/duration.ts';
import type { StructuralSchema } from '../../operator/crd/structural.ts';

/** What a value of a field may be, with its limits, in a few words. */
export function typeText(schema: StructuralSchema): string {
  if (schema.enum) return choices(schema.enum.map((one) => `\`${String(one)}\``));
  if (schema.anyOf) return choices(schema.anyOf.map(({ type }) => type));
  if (schema.type === undefined) return 'anything';
  return (TEXTS[schema.type] ?? (({ type = '' }) => type))(schema);
}

const TEXTS: Readonly<Record<string, (schema: StructuralSchema) => string>> = {
  array: ({ items, minItems, maxItems }) =>
    joined(`list of ${plural(items)}`, between(minItems, maxItems, 'items')),
  object: objectText,
  string: stringText,
  integer: (schema) => joined('integer', numberLimits(schema)),
  number: (schema) => joined('number', numberLimits(schema)),
};

function objectText({ additionalProperties, minProperties, maxProperties }: StructuralSchema): string {
  if (!additionalProperties) return 'object';
  return joined(`map of ${plural(additionalProperties)}`, between(minProperties, maxProperties, 'entries'));
}

function stringText({ pattern, minLength, maxLength }: StructuralSchema): string {
  if (pattern === DURATION_PATTERN.source) return 'duration';
  return joined('string', between(minLength, maxLength, 'characters'));
}

function numberLimits({
  minimum,
  maximum,
  exclusiveMinimum,
  exclusiveMaximum,
}: StructuralSchema): string | undefined {
  const least = minimum === undefined ? undefined : `${exclusiveMinimum ? 'more than' : 'from'} ${minimum}`;
  const most = maximum === undefined ? undefined : `${exclusiveMaximum ? 'below' : 'to'} ${maximum}`;
  return [least, most].filter((text) => text !== undefined).join(' ') || undefined;
}

function between(least: number | undefined, most: number | undefined, what: string): string | undefined {
  if (least !== undefined && most !== undefined) return `${least} to ${most} ${what}`;
  if (most !== undefined) return `at most ${most} ${what}`;
  return least === undefined ? undefined : `at least ${least} ${what}`;
}

function joined(type: string, limits: string | undefined): string {
  return limits === undefined ? type : `${type}, ${limits}`;
}

function plural(items: StructuralSchema | undefined): string {
  if (items?.enum) return typeText(items);
  const [name = 'values'] = items ? typeText(items).split(',') : [];
  return `${name}s`;
}

function choices(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
