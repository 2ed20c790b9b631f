// SPDX-License-Identifier: Apache-2.0
import { ROUTER_NAMES } from '../../operator/api/traffic.ts';
import type { RbacRule } from './rbac-rules.ts';
import { comment } from './wrap.ts';

/** Of a comment, wherever its rule stands, so that the same reason reads the same in every file. */
const WIDTH = 118;

/** The rules that are left where every router is served. */
export function rulesOfAll(rules: readonly RbacRule[]): RbacRule[] {
  return rules.filter(({ unless }) => unless === undefined || !ROUTER_NAMES.includes(unless));
}

/** A rule as an item of a YAML list, its reason before it. */
export function ruleText({ why, group, resources, verbs }: RbacRule, indent = ''): string {
  const lines = [
    ...(why === undefined ? [] : comment(why, WIDTH)),
    `- apiGroups: [${group === '' ? '""' : group}]`,
    `  resources: [${resources.join(', ')}]`,
    `  verbs: [${verbs.join(', ')}]`,
  ];
  return lines.map((line) => `${indent}${line}`).join('\n');
}

/** Templates of the chart: for each name the rules as a list, those of a router only where that is enabled. */
export function rulesTemplate(defined: Readonly<Record<string, readonly RbacRule[]>>): string {
  const definitions = Object.entries(defined).map(([name, rules]) =>
    [`{{- define "headway.rules.${name}" -}}`, ...rules.map(guarded), '{{- end }}'].join('\n'),
  );
  return `${[HEADER, ...definitions].join('\n\n')}\n`;
}

const HEADER = `{{- /*
SPDX-License-Identifier: Apache-2.0
Made from scripts/chart/rbac-rules.ts by \`make generate\`. Do not edit.
*/}}`;

function guarded(rule: RbacRule): string {
  const { router, unless } = rule;
  if (router === undefined) return ruleText(rule);
  const own = `.Values.traffic.${router}.enabled`;
  const condition = unless === undefined ? own : `and ${own} (not .Values.traffic.${unless}.enabled)`;
  return [`{{- if ${condition} }}`, ruleText(rule), '{{- end }}'].join('\n');
}
