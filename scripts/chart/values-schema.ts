// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { ChartValues } from './values.ts';

/** A node of the JSON schema of the values, as far as values.yaml and the table need it. */
export interface ValueSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Draft 7: what every Helm since 3.0 understands. Patterns have to be RE2. */
export function valuesSchema(): ValueSchema {
  return z.toJSONSchema(ChartValues, { target: 'draft-7', io: 'input', override: tidy }) as ValueSchema;
}

/** That keys are texts goes without saying, and an empty list of properties says nothing. */
function tidy({ jsonSchema }: { jsonSchema: Record<string, unknown> }): void {
  delete jsonSchema['propertyNames'];
  const { properties, additionalProperties } = jsonSchema;
  if (additionalProperties !== false && isEmpty(properties)) delete jsonSchema['properties'];
  if (isEmpty(additionalProperties)) delete jsonSchema['additionalProperties'];
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** values.schema.json. */
export function schemaFile(): string {
  return `${JSON.stringify(valuesSchema(), undefined, 2)}\n`;
}

/** Whether a node has fields of its own; all others are values. */
export function isSection(
  schema: ValueSchema,
): schema is ValueSchema & Required<Pick<ValueSchema, 'properties'>> {
  return schema.properties !== undefined;
}
