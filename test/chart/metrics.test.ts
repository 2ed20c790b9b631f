// SPDX-License-Identifier: Apache-2.0
// Alerts and dashboard ask only for what the operator has, and every alert has its runbook.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { dashboardFile } from '../../scripts/chart/dashboard.ts';
import { RUNBOOKS } from '../../scripts/chart/values-monitoring.ts';
import { createMetrics } from '../../operator/telemetry/metrics.ts';
import { anchorsOf, codesIn, firstCells, readPage, root, rowsOf } from '../docs/markdown.ts';

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<string, string>>;
}

const rulesText = readFileSync(join(root, 'charts/headway/rules/headway.yaml'), 'utf8');
const { groups } = parse(rulesText) as { groups: { rules: Alert[] }[] };
const alerts = groups.flatMap(({ rules }) => rules);

/** The queries of a dashboard, and of its variables. */
const asked = [...dashboardFile().matchAll(/"(?:expr|definition)": (".*")/g)].map(
  ([, text = '""']) => JSON.parse(text) as string,
);

const queries = [
  ...alerts.map(({ alert, expr }) => ({ where: alert, query: expr })),
  ...asked.map((query) => ({ where: 'dashboard', query })),
];

/** Labels of each metric, by the tables of the docs; another test holds those to the registry. */
const LABELS = new Map(
  ['docs/operator.md', 'docs/spec/canary.md'].flatMap((page) =>
    rowsOf(readPage(page), 'metric').map((row): [string, string[]] => {
      const more = row.get('more labels');
      const labels = codesIn(more ?? row.get('labels') ?? '');
      const name = codesIn(firstCells([row]))[0] ?? '';
      return [name, more === undefined ? labels : [...labels, 'namespace', 'kind', 'name']];
    }),
  ),
);

/** What Prometheus adds to every metric. */
const TARGET_LABELS = ['job', 'instance', 'namespace', 'pod', 'le'];

function metricsIn(query: string): string[] {
  return [...query.matchAll(/\b(?:headway|process|nodejs)_[a-z_]+\b/g)].map(([name]) =>
    name.replace(/_(bucket|count|sum)$/, ''),
  );
}

function labelsIn(query: string): string[] {
  const matched = [...query.matchAll(/([a-z_]+)(?:=~|=|!=|!~)"/g)].map(([, name = '']) => name);
  const grouped = [...query.matchAll(/\b(?:by|on|without) \(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(/, */),
  );
  return [...matched, ...grouped].filter((name) => name !== '');
}

describe('what is asked for', () => {
  it('is there', async () => {
    const text = await createMetrics({ version: '1' }).render();
    const known = new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name));
    const unknown = queries.flatMap(({ query }) => metricsIn(query).filter((name) => !known.has(name)));
    expect(unknown).toEqual([]);
    expect(queries.length).toBeGreaterThan(40);
  });

  it.each(queries)('in $where has these labels: $query', ({ query }) => {
    const known = [...metricsIn(query).flatMap((name) => LABELS.get(name) ?? []), ...TARGET_LABELS];
    expect(labelsIn(query).filter((label) => !known.includes(label))).toEqual([]);
  });

  it('is on the dashboard for all that belongs to a release', () => {
    const shown = new Set(asked.flatMap(metricsIn));
    const owned = rowsOf(readPage('docs/spec/canary.md'), 'metric').map(
      (row) => codesIn(firstCells([row]))[0] ?? '',
    );
    expect(owned.filter((name) => !shown.has(name))).toEqual([]);
  });
});

describe('the alerts', () => {
  const runbooks = anchorsOf(readPage('docs/runbooks.md')).slice(1);

  it('have a runbook each, and no runbook is left over', () => {
    expect(runbooks).toEqual(alerts.map(({ alert }) => alert.toLowerCase()));
    expect(RUNBOOKS).toMatch(/\/docs\/runbooks\.md$/);
  });

  it.each(alerts)(
    '$alert says what happens, how bad it is, and in which object',
    ({ labels, annotations }) => {
      expect(['critical', 'warning', 'info']).toContain(labels.severity);
      expect(Object.keys(annotations)).toEqual(['summary', 'description']);
      for (const text of Object.values(annotations)) expect(text).toMatch(/\.$/);
    },
  );

  it.each(alerts)('$alert names only labels that are left', ({ expr, annotations }) => {
    const named = [...JSON.stringify(annotations).matchAll(/\$labels\.([a-z_]+)/g)].map(
      ([, name = '']) => name,
    );
    const left = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/, */));
    expect(named.filter((name) => !left.includes(name))).toEqual([]);
  });

  it.each(alerts)('$alert has a test', ({ alert }) => {
    const tests = readFileSync(join(import.meta.dirname, 'rules/headway.test.yaml'), 'utf8');
    expect(tests).toMatch(new RegExp(`alertname: ${alert}\\n`));
  });

  it.each(runbooks)('the runbook of %s says what it means, what to look at, what to do', (anchor) => {
    const sections = readPage('docs/runbooks.md').split(/^## /m);
    const section = sections.find((text) => text.toLowerCase().startsWith(`${anchor}\n`)) ?? '';
    for (const part of ['**Means:**', '**Look at:**', '**Do:**']) expect(section).toContain(part);
  });
});
