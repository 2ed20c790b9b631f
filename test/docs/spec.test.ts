// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { AnalysisTemplateSpec } from '../../operator/api/analysis.ts';
import { MetricsProviderSpec } from '../../operator/api/metrics-provider.ts';
import { BlueGreenSpec } from '../../operator/api/blue-green.ts';
import { BlueGreenStatus } from '../../operator/api/blue-green-status.ts';
import { CanarySpec } from '../../operator/api/canary.ts';
import { AnalysisRun, NoDataReason } from '../../operator/api/analysis-status.ts';
import { RolloutPhase, CanaryStatus, RolloutVerb } from '../../operator/api/rollout-status.ts';
import { Annotations, FINALIZER, Labels } from '../../operator/api/group.ts';
import { EventReasons, Reasons } from '../../operator/api/reasons.ts';
import { flagOf, OPTION_NAMES, OPTIONS, variableOf } from '../../operator/config-options.ts';
import { createMetrics } from '../../operator/telemetry/metrics.ts';
import { codesIn, firstCells, readPage, type Row, root, rowsOf } from './markdown.ts';
import { type Field, fieldsOf } from './schema-fields.ts';

const canary = readPage('docs/spec/canary.md');
const blueGreen = readPage('docs/spec/blue-green.md');
const template = readPage('docs/spec/analysis-template.md');
const provider = readPage('docs/spec/metrics-provider.md');
const operator = readPage('docs/operator.md');

const CHECKS = ['analysis.checks', 'analysis.args', 'steps[].analysis.checks', 'steps[].analysis.args'];
/** Those of a run, and of traffic, which a Canary has too. */
const BLUE_GREEN_ELSEWHERE = [
  'traffic',
  ...['prePromotion', 'postPromotion'].flatMap((part) => [`${part}.checks`, `${part}.args`]),
];
const RUNS = ['analysis.step', 'analysis.background'];

/** Rows that say limits and default belong to a spec, the others to a status. */
function fieldRows(page: string, part: 'spec' | 'status'): Row[] {
  return rowsOf(page, 'Field').filter((row) => row.has('Limits') === (part === 'spec'));
}

function expectSameFields(rows: readonly Row[], fields: readonly Field[]): void {
  const named = codesIn(firstCells(rows));
  expect(named.filter((name) => !fields.some(({ path }) => path === name))).toEqual([]);
  expect(fields.filter(({ path, isLeaf }) => isLeaf && !named.includes(path))).toEqual([]);
  expect(named.filter((name, i) => named.indexOf(name) !== i)).toEqual([]);
}

describe.each([
  { kind: 'Canary', page: canary, fields: fieldsOf(CanarySpec, CHECKS) },
  { kind: 'BlueGreen', page: blueGreen, fields: fieldsOf(BlueGreenSpec, BLUE_GREEN_ELSEWHERE) },
  { kind: 'AnalysisTemplate', page: template, fields: fieldsOf(AnalysisTemplateSpec) },
  { kind: 'MetricsProvider', page: provider, fields: fieldsOf(MetricsProviderSpec) },
])('the fields of $kind', ({ page, fields }) => {
  const rows = fieldRows(page, 'spec');
  const byName = (name: string) => fields.find(({ path }) => path === name);
  const cells = rows.map((row) => ({
    name: codesIn(row.get('Field') ?? '').join(),
    limits: row.get('Limits') ?? '',
    byDefault: row.get('Default') ?? '',
  }));

  it('are those of the schema', () => expectSameFields(rows, fields));

  it.each(cells)('$name has the limits of the schema', ({ name, limits }) => {
    expect(limits).toBe(byName(name)?.limits);
  });

  it.each(cells)('$name has the default of the schema', ({ name, byDefault }) => {
    const field = byName(name);
    if (field?.byDefault !== undefined) expect(byDefault.replaceAll('`', '')).toBe(textOf(field.byDefault));
    else expect(byDefault === 'required').toBe(field?.isRequired);
  });
});

/** A text as it is, anything else as JSON. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

describe('the fields of status', () => {
  it('are those of a Canary', () => {
    expectSameFields(fieldRows(canary, 'status'), fieldsOf(CanaryStatus, RUNS));
  });

  it('are those that a BlueGreen has and a Canary has not', () => {
    const shared = fieldsOf(CanaryStatus, RUNS).map(({ path }) => path);
    const own = fieldsOf(BlueGreenStatus, RUNS).filter(({ path }) => !shared.includes(path));
    expectSameFields(fieldRows(blueGreen, 'status'), own);
  });

  it('are those of a run', () => expectSameFields(fieldRows(template, 'status'), fieldsOf(AnalysisRun)));
});

/** Reasons that `operator/controllers/failure.ts` gives besides those of the kinds. */
const FAILURES = ['ApiError', 'Forbidden', 'InternalError'];

/** Names after `word.` in the sources, tests left out. */
function usedInSources(word: string): string[] {
  const files = readdirSync(join(root, 'operator'), { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => /(?<!\.test)\.ts$/.test(file));
  const uses = new RegExp(`\\b${word}\\.(\\w+)`, 'g');
  return sources.flatMap((file) =>
    [...readFileSync(join(root, 'operator', file), 'utf8').matchAll(uses)].map(([, name = '']) => name),
  );
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted();
}

describe('names in docs/spec/canary.md', () => {
  const reasons = rowsOf(canary, 'reason');

  it('are all reasons of conditions', () => {
    const tables = reasons.filter((row) => !row.has('type'));
    expect(unique(codesOfNames(tables))).toEqual(unique([...Object.values(Reasons), ...FAILURES]));
  });

  it('are all reasons of events that are sent', () => {
    const tables = reasons.filter((row) => row.has('type'));
    const sent = usedInSources('EventReasons').filter((name) => name in EventReasons);
    expect(unique(codesOfNames(tables))).toEqual(unique([...sent, 'InvalidSpec', 'RouterOff', ...FAILURES]));
  });

  it('are all phases', () => {
    const phases = rowsOf(canary, 'state').flatMap((row) => codesIn(row.get('phase') ?? ''));
    expect(unique(phases)).toEqual(unique(RolloutPhase.options));
  });

  it('are all verbs', () => {
    for (const page of [canary, blueGreen])
      expect(codesIn(firstCells(rowsOf(page, 'verb')))).toEqual(RolloutVerb.options);
  });

  it.each([Annotations.action, FINALIZER, Labels.revision, Labels.canary, Labels.role])('have %s', (name) => {
    expect(canary).toContain(name);
  });
});

function codesOfNames(rows: readonly Row[]): string[] {
  return codesIn(firstCells(rows));
}

describe('docs/spec/analysis-template.md', () => {
  it('has every reason for missing data', () => {
    expect(unique(codesOfNames(rowsOf(template, 'reason')))).toEqual(unique(NoDataReason.options));
  });
});

describe('metrics', () => {
  it('in the tables are those that are served, with their types', async () => {
    const text = await createMetrics({ version: '0', process: false }).render();
    const served = [...text.matchAll(/^# TYPE (headway_\w+) (\w+)$/gm)].map(
      ([, name, type]) => `${name} ${type}`,
    );
    const rows = [canary, operator].flatMap((page) => rowsOf(page, 'metric'));
    const told = rows.map((row) => `${codesIn(row.get('metric') ?? '').join()} ${row.get('type')}`);
    expect(told.toSorted()).toEqual(served.toSorted());
  });
});

describe('options in docs/operator.md', () => {
  const rows = rowsOf(operator, 'flag');

  it('are those of the operator', () => {
    expect(codesIn(firstCells(rows))).toEqual(OPTION_NAMES.map((name) => `--${flagOf(name)}`));
    expect(rows.map((row) => codesIn(row.get('variable') ?? '').join())).toEqual(
      OPTION_NAMES.map(variableOf),
    );
  });

  it('have their defaults', () => {
    const defaults = rows.map((row) => row.get('default') ?? '');
    const differing = OPTION_NAMES.filter((name, i) => {
      const byDefault = OPTIONS[name].default;
      return byDefault === '' ? (defaults[i] ?? '').includes('`') : defaults[i] !== `\`${byDefault}\``;
    });
    expect(differing).toEqual([]);
  });
});
