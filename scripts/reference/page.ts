// SPDX-License-Identifier: Apache-2.0
import { GROUP, VERSION } from '../../operator/api/group.ts';
import { rootSchema } from '../../operator/crd/definition.ts';
import type { KindDefinition, PrinterColumn } from '../../operator/crd/kind-definition.ts';
import { type Field, type Section, sectionsOf } from './sections.ts';

/** The page of a kind, as Markdown: every field that the API server knows, in the words of `kubectl explain`. */
export function referencePage(kind: KindDefinition): string {
  const { spec, status } = rootSchema(kind).properties ?? {};
  const parts = Object.entries({ spec, status }).flatMap(([name, schema]) =>
    schema ? sectionsOf(schema, name) : [],
  );
  const paragraphs = [
    `# ${kind.kind}`,
    `<!-- Made from operator/api by \`make generate\`. Do not edit. -->`,
    escaped(kind.description),
    factsOf(kind),
    ...columnsOf(kind.columns),
    ...ruleList((kind.rules ?? []).map(({ message }) => message)),
    ...parts.flatMap(sectionText),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function factsOf({ kind, plural, shortName, scope }: KindDefinition): string {
  const where = scope === 'Namespaced' ? 'in a namespace' : 'in no namespace';
  return `\`apiVersion: ${GROUP}/${VERSION}\`, \`kind: ${kind}\`, ${where}. \`kubectl get ${plural}\`, short \`${shortName}\`; \`kubectl explain ${plural}.spec\` says the same as this page.`;
}

function columnsOf(columns: readonly PrinterColumn[]): string[] {
  const told = columns.filter(({ description }) => description !== undefined);
  if (told.length === 0) return [];
  const rows = told.map(
    ({ name, description = '', priority }) =>
      `| ${name}${priority === 1 ? ' (`-o wide`)' : ''} | ${cell(description)} |`,
  );
  return ['Columns of `kubectl get`:', ['| column | what it says |', '|---|---|', ...rows].join('\n')];
}

function sectionText({ path, description, fields, rules }: Section): string[] {
  return [
    `## ${path}`,
    ...(description === '' ? [] : [escaped(description)]),
    ...(fields.length === 0 ? [] : [fieldTable(fields)]),
    ...ruleList([...new Set(rules)]),
  ];
}

function fieldTable(fields: readonly Field[]): string {
  const rows = fields.map(
    ({ name, type, isRequired, byDefault, description, section }) =>
      `| ${nameCell(name, section)} | ${typeCell(type, isRequired, byDefault)} | ${cell(description)} |`,
  );
  return ['| field | value | what it is |', '|---|---|---|', ...rows].join('\n');
}

function nameCell(name: string, section: string | undefined): string {
  return section === undefined ? `\`${name}\`` : `[\`${name}\`](#${anchorOf(section)})`;
}

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^a-z0-9 _-]/g, '');
}

function typeCell(type: string, isRequired: boolean, byDefault: string | undefined): string {
  const filled = byDefault === undefined ? '' : `; default \`${byDefault}\``;
  return cell(`${isRequired ? '**required**, ' : ''}${type}${filled}`);
}

function ruleList(rules: readonly string[]): string[] {
  if (rules.length === 0) return [];
  return ['Refused otherwise:', rules.map((rule) => `- ${escaped(rule)}`).join('\n')];
}

/** A name in angle brackets is no tag. */
function escaped(text: string): string {
  return text.replaceAll('<', '&lt;');
}

function cell(text: string): string {
  return escaped(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
}
