// SPDX-License-Identifier: Apache-2.0
import { renderQuery } from '../../../operator/engine/analysis/template.ts';
import { isJson } from '../../manifests/manifests.ts';
import type { Path } from '../../manifests/offsets.ts';
import type { Draft } from '../draft.ts';
import { boundedDuration, goDurationMs } from '../durations.ts';
import type { Ledger } from '../ledger.ts';
import { providerFor } from '../providers.ts';
import type { Provider, Workshop } from '../workshop.ts';
import { argName, type ArgRole } from './args.ts';
import { lineOf } from './condition.ts';
import { jobCheck } from './job.ts';

export interface MetricContext {
  readonly workshop: Workshop;
  readonly ledger: Ledger;
  readonly draft: Draft;
  /** Arguments that are the hash of a revision. */
  readonly roles: ReadonlyMap<string, ArgRole>;
  /** Values that arguments have somewhere. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** The arguments of each release that uses the template. */
  readonly variants: readonly ReadonlyMap<string, string>[];
}

export interface MadeCheck {
  readonly check: Readonly<Record<string, unknown>> & { readonly name: string };
  /** What a person must look at. */
  readonly looks: readonly string[];
}

/** A metric as a check; undefined: it could not be converted, and the book says why. */
export function convertMetric(context: MetricContext, path: Path): MadeCheck | undefined {
  const { ledger } = context;
  const name = ledger.text(...path, 'name') ?? '';
  if (dryRunNames(ledger).includes(name)) {
    return drop(context, path, 'it is only looked at (dryRun), and a check of ours would fail the release');
  }
  const provider = ledger.keys(...path, 'provider');
  if (provider.includes('prometheus')) return ofPrometheus(context, path);
  if (provider.includes('job')) return withFields(context, path, jobCheck(context, path, checkName(name)));
  const why =
    provider[0] === 'web'
      ? 'Headway calls no address that a tenant gives; ask the pods with http, or write a Job that calls it'
      : `there is no provider ${provider[0] ?? ''} here; ask Prometheus for it, or write a Job that asks`;
  return drop(context, path, why);
}

function dryRunNames(ledger: Ledger): readonly unknown[] {
  return ledger.list('spec', 'dryRun').map((one) => (isJson(one) ? one['metricName'] : undefined));
}

function drop({ ledger }: MetricContext, path: Path, why: string): undefined {
  ledger.dropped(path, why);
  return undefined;
}

/** Lower-case letters, digits and "-". */
function checkName(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-');
  return (
    plain
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 63)
      .replace(/-+$/, '') || 'check'
  );
}

function ofPrometheus(context: MetricContext, path: Path): MadeCheck | undefined {
  const { ledger } = context;
  const at = [...path, 'provider', 'prometheus'];
  if (ledger.has(...at, 'rangeQuery')) {
    return drop(
      context,
      path,
      'a query yields one number here, and no range; use avg_over_time() or its like',
    );
  }
  const line = lineOf(
    conditionIn(context, path, 'successCondition'),
    conditionIn(context, path, 'failureCondition'),
  );
  if (line.kind === 'problem') return drop(context, path, `${line.problem}; write the check by hand`);
  const query = queryOf(context, ledger.text(...at, 'query') ?? '');
  if (query.problem !== undefined) return drop(context, path, `${query.problem}; write the check by hand`);
  const provider = providerFor(context.workshop, ledger.text(...at, 'address'));
  const check = {
    name: checkName(ledger.text(...path, 'name') ?? ''),
    provider: provider.name,
    query: query.text,
    ...line.fields,
  };
  noteProvider(context, at, provider);
  noteConditions(context, path, Object.keys(line.fields).join(' and '), line.note);
  if (query.text === ledger.text(...at, 'query')?.trim())
    ledger.kept([...at, 'query'], toField(context, 'query'));
  else ledger.changed([...at, 'query'], toField(context, 'query'), 'placeholders have other names');
  return withFields(context, path, { check, looks: query.looks });
}

function toField({ draft }: MetricContext, field: string): string {
  return `${draft.place(['spec', 'checks'])}[].${field}`;
}

function noteProvider({ ledger }: MetricContext, at: Path, { draft, why }: Provider): void {
  const to = draft.place(['spec', 'address']);
  if (why === undefined) ledger.kept([...at, 'address'], to);
  else ledger.changed([...at, 'address'], to, why);
  const timeout = ledger.number(...at, 'timeout');
  if (timeout !== undefined) {
    const { text, why: bound } = boundedDuration(timeout * 1000, { min: '1s', max: '30s' });
    const place = draft.set(['spec', 'timeout'], text);
    ledger.changed([...at, 'timeout'], place, bound ?? 'a duration');
  }
  for (const field of ['authentication', 'headers', 'insecure']) {
    if (!ledger.has(...at, field)) continue;
    ledger.dropped([...at, field], 'a MetricsProvider has no credentials, headers or TLS switches');
    draft.look(
      ['spec', 'address'],
      `${field} is not converted: give it an address that needs none, behind a NetworkPolicy.`,
    );
  }
}

/** A condition may have arguments; one that has a single value is put in. */
function conditionIn({ ledger, values }: MetricContext, path: Path, field: string): string | undefined {
  return ledger.text(...path, field)?.replaceAll(/\{\{\s*args\.([^}\s]+)\s*\}\}/g, (whole, name: string) => {
    const known = new Set(values.get(argName(name)));
    return known.size === 1 ? String([...known][0]) : whole;
  });
}

function noteConditions(context: MetricContext, path: Path, fields: string, note: string | undefined): void {
  const { ledger } = context;
  const used = ledger.has(...path, 'successCondition') ? 'successCondition' : 'failureCondition';
  const to = toField(context, fields);
  const turned =
    used === 'failureCondition' ? 'says what is good, and not what is bad' : 'result is the number itself';
  ledger.changed([...path, used], to, note ?? turned);
  if (used === 'successCondition') {
    ledger.dropped(
      [...path, 'failureCondition'],
      'what is not good is bad; there is nothing between the two',
    );
  }
}

interface Query {
  readonly text: string;
  readonly looks: readonly string[];
  readonly problem?: string;
}

function queryOf({ roles, variants }: MetricContext, written: string): Query {
  const found = new Set<ArgRole>();
  const text = written.trim().replaceAll(/\{\{\s*args\.([^}\s]+)\s*\}\}/g, (_, name: string) => {
    const role = roles.get(argName(name));
    if (role) found.add(role);
    return role ? `{{${role}}}` : `{{args.${argName(name)}}}`;
  });
  const looks = [...found].map(
    (role) =>
      `{{${role}}} is the value of the pod label headway.dev/revision, where Argo Rollouts has rollouts-pod-template-hash; let the query look at that label.`,
  );
  const problem = text === '' ? 'it has no query' : problemOf(text, variants);
  return problem === undefined ? { text, looks } : { text, looks, problem };
}

/** What a query cannot hold with the values that its arguments have in one of the releases. */
function problemOf(text: string, variants: MetricContext['variants']): string | undefined {
  for (const variant of variants) {
    const args = [...variant].map(([name, value]) => [`args.${name}`, value] as const);
    const rendering = renderQuery(text, new Map([...KNOWN, ...args]));
    if (rendering.kind === 'invalid') return `its query cannot be asked: ${rendering.problems.join('; ')}`;
  }
  return undefined;
}

/** What a query of Argo Rollouts has after its conversion beside arguments. */
const KNOWN = [
  ['revision', 'new'],
  ['stableRevision', 'old'],
] as const;

/** Fields that every metric has, beside what it asks. */
function withFields(context: MetricContext, path: Path, made: MadeCheck | undefined): MadeCheck | undefined {
  if (!made) return undefined;
  const { ledger } = context;
  const isJob = 'job' in made.check;
  const check: Record<string, unknown> & { readonly name: string } = { ...made.check };
  noteName(context, path, check.name);
  for (const field of ['interval', 'initialDelay'] as const)
    takeDuration(context, path, { field, check, isJob });
  const looks = isJob ? [] : [...takeCount(context, path, check), ...takeLimit(context, path, check)];
  if (isJob) dropCounts(ledger, path);
  ledger.dropped(
    [...path, 'inconclusiveLimit'],
    'what has no evidence holds the release, for as long as onNoData says',
  );
  ledger.dropped(
    [...path, 'consecutiveErrorLimit'],
    'an error of the provider is no evidence, so it holds and never fails',
  );
  ledger.dropped([...path, 'consecutiveSuccessLimit'], 'a check passes by its count');
  return { check, looks: [...made.looks, ...looks] };
}

function noteName(context: MetricContext, path: Path, name: string): void {
  const { ledger } = context;
  if (ledger.text(...path, 'name') === name) ledger.kept([...path, 'name'], toField(context, 'name'));
  else
    ledger.changed(
      [...path, 'name'],
      toField(context, 'name'),
      'names are lower-case letters, digits and "-"',
    );
}

function takeDuration(
  context: MetricContext,
  path: Path,
  {
    field,
    check,
    isJob,
  }: { field: 'interval' | 'initialDelay'; check: Record<string, unknown>; isJob: boolean },
): void {
  const { ledger } = context;
  const written = ledger.value(...path, field);
  if (written === undefined) return;
  if (isJob && field === 'interval')
    return ledger.dropped([...path, field], 'a Job is run once for each analysis');
  const ms = goDurationMs(resolvedValue(context, written));
  if (ms === undefined) return ledger.dropped([...path, field], `${JSON.stringify(written)} is no duration`);
  const { text, why } = boundedDuration(ms, { min: field === 'interval' ? '1s' : '0s', max: '1h' });
  check[field] = text;
  if (why !== undefined) ledger.changed([...path, field], toField(context, field), why);
  else ledger.kept([...path, field], toField(context, field));
}

/** A value that is an argument, where that has a single value. */
function resolvedValue({ values }: MetricContext, written: unknown): unknown {
  const name = typeof written === 'string' ? /^\{\{\s*args\.([^}\s]+)\s*\}\}$/.exec(written)?.[1] : undefined;
  const known = name === undefined ? undefined : new Set(values.get(argName(name)));
  return known?.size === 1 ? [...known][0] : written;
}

function takeCount(context: MetricContext, path: Path, check: Record<string, unknown>): string[] {
  const { ledger } = context;
  const count = Number(resolvedValue(context, ledger.value(...path, 'count') ?? 0));
  const isOnce = !ledger.has(...path, 'interval') && !(count > 0);
  if (isOnce) {
    check['count'] = 1;
    return [];
  }
  if (!Number.isInteger(count)) {
    ledger.dropped([...path, 'count'], 'it is no number');
    return [`count was ${String(ledger.value(...path, 'count'))}; say how often it measures.`];
  }
  if (count > 0) check['count'] = Math.min(1000, count);
  ledger.kept([...path, 'count'], toField(context, 'count'));
  return [];
}

function takeLimit(context: MetricContext, path: Path, check: Record<string, unknown>): string[] {
  const { ledger } = context;
  if (!ledger.has(...path, 'failureLimit')) return [];
  const limit = Number(resolvedValue(context, ledger.value(...path, 'failureLimit')));
  if (!Number.isInteger(limit)) {
    ledger.dropped([...path, 'failureLimit'], 'it is no number');
    return [`failureLimit was ${String(ledger.value(...path, 'failureLimit'))}; it is 0 now.`];
  }
  const isWithin = limit >= 0 && limit <= 1000;
  check['failureLimit'] = isWithin ? limit : 1000;
  if (isWithin) ledger.kept([...path, 'failureLimit'], toField(context, 'failureLimit'));
  else
    ledger.changed([...path, 'failureLimit'], toField(context, 'failureLimit'), 'it is from 0 to 1000 here');
  return [];
}

function dropCounts(ledger: Ledger, path: Path): void {
  for (const field of ['count', 'failureLimit', 'successCondition', 'failureCondition']) {
    ledger.dropped([...path, field], 'a Job is run once: it completes, or it has failed');
  }
}
