// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';
import { isSection, type ValueSchema, valuesSchema } from './values-schema.ts';
import { comment } from './wrap.ts';

const WIDTH = 120;

const HEAD = `# SPDX-License-Identifier: Apache-2.0
# Made from scripts/chart/values.ts by \`make generate\`. Do not edit.
# What each value may be is in values.schema.json; a name that is not here is refused.
`;

/** values.yaml: every value with its default, its meaning before it. */
export function valuesFile(schema: ValueSchema = valuesSchema()): string {
  return `${HEAD}\n${fieldsText(schema, '')}\n`;
}

function fieldsText({ properties = {} }: ValueSchema, indent: string): string {
  const fields = Object.entries(properties).filter(([, field]) => isSection(field) || 'default' in field);
  const isRoot = indent === '';
  return fields.map(([name, field]) => fieldText(name, field, indent)).join(isRoot ? '\n\n' : '\n');
}

function fieldText(name: string, field: ValueSchema, indent: string): string {
  const lines = [
    ...comment(meaningOf(field), WIDTH - indent.length),
    ...(isSection(field) ? [`${name}:`] : yamlLines(name, field.default)),
  ].map((line) => `${indent}${line}`);
  return [...lines, ...(isSection(field) ? [fieldsText(field, `${indent}  `)] : [])].join('\n');
}

/** What it means, and what a reader may write where that does not say it by itself. */
function meaningOf({ description = '', enum: options = [] }: ValueSchema): string {
  const isSaid = options.every((option) => description.includes(String(option)));
  return isSaid ? description : `${description} One of ${options.join(', ')}.`;
}

/** Texts that YAML might read as something else are in quotes. */
function yamlLines(name: string, value: unknown): string[] {
  if (typeof value === 'string' && !/^[a-zA-Z][\w./-]*$/.test(value))
    return [`${name}: ${JSON.stringify(value)}`];
  return stringify({ [name]: value }, { lineWidth: 0 })
    .trimEnd()
    .split('\n');
}

/** A row of the table: a value, by the path that `--set` takes. */
export interface ValueRow {
  readonly path: string;
  readonly byDefault: string;
  readonly description: string;
}

/** Every value, in the order of values.yaml. */
export function valueRows(schema: ValueSchema = valuesSchema(), path: readonly string[] = []): ValueRow[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    if (isSection(field)) return valueRows(field, [...path, name]);
    const byDefault = 'default' in field ? JSON.stringify(field.default) : '';
    return [{ path: [...path, name].join('.'), byDefault, description: meaningOf(field) }];
  });
}

const BEGIN = '<!-- values: written by `make generate` -->';
const END = '<!-- end of values -->';

/** The README of the chart with its table of values as they are now. Throws where the marks of the table are missing. */
export function withValuesTable(readme: string): string {
  const [head, rest = ''] = readme.split(BEGIN);
  const [, tail] = rest.split(END);
  if (head === undefined || tail === undefined)
    throw new Error(`the README of the chart lacks ${BEGIN} or ${END}`);
  const rows = valueRows().map(
    ({ path, byDefault, description }) => `| \`${path}\` | ${codeCell(byDefault)} | ${cell(description)} |`,
  );
  const table = ['| value | default | meaning |', '|---|---|---|', ...rows].join('\n');
  return `${head}${BEGIN}\n\n${table}\n\n${END}${tail}`;
}

function codeCell(text: string): string {
  return text === '' ? '' : `\`${cell(text)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
