// SPDX-License-Identifier: Apache-2.0
import type { Check, CheckArg } from '../../api/analysis.ts';
import { durationMs } from '../../api/duration.ts';
import { type BuiltInQuery, builtInQuery } from './built-in.ts';
import { compileCondition } from './condition.ts';
import { allowedShareOf, compareRuleOf } from './compare-rule.ts';
import { historyQuery } from './counting.ts';
import { formatLimit, oneLine, unitOf } from './format.ts';
import { type PlaceholderValues, renderQuery } from './template.ts';
import { type ProbeResolution, resolveProbe } from './probe-check.ts';
import type { CheckQuery, QueryScope } from './query-types.ts';
import {
  type CheckProblem,
  isOfArms,
  type Limit,
  type Reading,
  type ResolvedCheck,
  type Resolution,
  sidesOf,
} from './types.ts';

const DEFAULT_WINDOW = '1m';

/** Checks as they are written, with what fills them in. */
export interface ChecksToResolve {
  /** The spec of an AnalysisTemplate, whose arguments have default values; or checks that are written in place. */
  readonly template: { readonly checks: readonly Check[]; readonly args?: readonly CheckArg[] | undefined };
  /** Arguments from the Canary. Where the template declares arguments, only these can be given. */
  readonly args: readonly CheckArg[];
  readonly scope: QueryScope;
}

/** Fills in arguments and placeholders. Either every check is ready to be asked, or every problem is named. */
export function resolveChecks({ template, args, scope }: ChecksToResolve): Resolution {
  const problems = undeclaredArgs(template, args);
  const values = new Map([...(template.args ?? []), ...args].map(({ name, value }) => [name, value]));
  const checks: ResolvedCheck[] = [];
  for (const check of template.checks) {
    const probe = resolveProbe(check, scope);
    if (probe?.kind === 'probe') checks.push(probing(check, probe));
    else if (probe) problems.push({ check: check.name, field: probe.field, message: probe.message });
    if (probe) continue;
    const { asked, limit, found } = partsOf(check, scope, values);
    problems.push(...found);
    if (asked && limit) checks.push(resolved(check, { asked, limit, scope }));
  }
  return problems.length > 0 ? { kind: 'invalid', problems } : { kind: 'resolved', checks };
}

/** Equal exactly for the same question to the same provider at the same interval. */
function queryKey(provider: string, expression: string, intervalMs: number): string {
  return `${provider} ${intervalMs} ${expression}`;
}

function undeclaredArgs(template: ChecksToResolve['template'], args: readonly CheckArg[]): CheckProblem[] {
  if (!template.args) return [];
  const known = template.args.map(({ name }) => name);
  const check = template.checks.map(({ name }) => name).join(', ');
  return args
    .filter(({ name }) => !known.includes(name))
    .map(({ name }) => ({
      check,
      field: `args.${name}`,
      message: `the template has no such argument; it has ${known.length > 0 ? known.join(', ') : 'none'}`,
    }));
}

interface Asked {
  readonly expression: string;
  readonly reading: Reading;
  readonly counted?: Extract<BuiltInQuery, { kind: 'built-in' }>['counted'];
}

interface CheckParts {
  readonly asked?: Asked | undefined;
  readonly limit?: Limit | undefined;
  readonly found: CheckProblem[];
}

function partsOf(check: Check, scope: QueryScope, args: ReadonlyMap<string, string>): CheckParts {
  const found: CheckProblem[] = [];
  const report = (field: string, message: string) => found.push({ check: check.name, field, message });
  return {
    asked: askedOf(check, valuesOf(check, scope, args), { scope, report }),
    limit: limitOf(check, report),
    found,
  };
}

type Report = (field: string, message: string) => void;

interface AskContext {
  readonly scope: QueryScope;
  readonly report: Report;
}

function askedOf(check: Check, values: PlaceholderValues, { scope, report }: AskContext): Asked | undefined {
  if (check.metric !== undefined) {
    const query = builtInQuery({ ...check, metric: check.metric }, scope, check.window ?? DEFAULT_WINDOW);
    if (query.kind === 'built-in') return query;
    report(query.field, query.message);
    return undefined;
  }
  const rendering = renderQuery(check.query ?? '', values);
  if (rendering.kind === 'rendered') return { expression: rendering.text, reading: { kind: 'query' } };
  for (const problem of rendering.problems) report('query', problem);
  return undefined;
}

function valuesOf(check: Check, scope: QueryScope, args: ReadonlyMap<string, string>): PlaceholderValues {
  const values = new Map<string, string | undefined>([
    ['namespace', scope.namespace],
    ['canary', scope.canary],
    ['target', scope.target],
    ['service', scope.service],
    ['canaryService', scope.canaryService],
    ['ingress', scope.ingress],
    ['revision', scope.revision],
    ['stableRevision', scope.stableRevision],
    ['window', check.window ?? DEFAULT_WINDOW],
  ]);
  for (const [name, value] of args) values.set(`args.${name}`, value);
  return values;
}

function limitOf(check: Check, report: Report): Limit | undefined {
  if (check.successCondition === undefined) return { kind: 'bounds', min: check.min, max: check.max };
  const compiled = compileCondition(check.successCondition);
  if (compiled.kind === 'condition') return { kind: 'condition', expression: check.successCondition };
  report('successCondition', oneLine(compiled.problem));
  return undefined;
}

/** A canary that is down must not live through a long interval; what shows it is asked this often at least. */
const LOOK_EVERY_MS = 2000;

/** A part of the interval, so that a question falls on its end: what is counted then is that of one interval. */
function lookEveryMs(intervalMs: number): number {
  return Math.ceil(intervalMs / Math.ceil(intervalMs / LOOK_EVERY_MS));
}

function showsCanaryDown(reading: Reading): boolean {
  return reading.kind === 'request-success-rate';
}

/** A probe is good or it is not; a Job is run once. */
function probing(
  check: Check,
  { query, limitText }: Extract<ProbeResolution, { kind: 'probe' }>,
): ResolvedCheck {
  return {
    name: check.name,
    query,
    intervalMs: query.intervalMs,
    reading: { kind: 'probe' },
    limit: { kind: 'bounds', min: 1 },
    limitText,
    windowMs: 0,
    initialDelayMs: initialDelayMsOf(check),
    count: check.job ? 1 : check.count,
    failureLimit: check.failureLimit,
  };
}

function initialDelayMsOf({ initialDelay }: Check): number {
  return initialDelay === undefined ? 0 : durationMs(initialDelay);
}

interface Parts {
  readonly asked: Asked;
  readonly limit: Limit;
  readonly scope: QueryScope;
}

function resolved(check: Check, { asked, limit, scope }: Parts): ResolvedCheck {
  const intervalMs = durationMs(check.interval);
  const windowMs = durationMs(check.window ?? DEFAULT_WINDOW);
  const { expression, reading, counted } = asked;
  const { provider = '' } = check;
  const askEveryMs = showsCanaryDown(reading) ? lookEveryMs(intervalMs) : intervalMs;
  const query: CheckQuery = {
    key: queryKey(provider, expression, askEveryMs),
    provider,
    expression,
    intervalMs: askEveryMs,
  };
  const seesServicesOnly = isOfArms(reading) && reading.armsBy.label !== 'revision';
  const since = scope.canaryServiceSinceMs;
  return {
    name: check.name,
    query,
    history: counted && historyQuery(counted, { provider, intervalMs }),
    intervalMs,
    reading,
    limit,
    limitText: formatLimit(limit, unitOf(reading.kind)) || `compared with ${sidesOf(scope).other}`,
    windowMs,
    initialDelayMs: initialDelayMsOf(check),
    notBeforeMs: seesServicesOnly && since !== undefined ? since + windowMs : undefined,
    count: check.count,
    failureLimit: check.failureLimit,
    ...(scope.sides === undefined ? {} : { sides: scope.sides }),
    ...(scope.isAlone ? { isAlone: true } : {}),
    compare: compareRuleOf(check),
    allowedShare: allowedShareOf(limit, reading),
  };
}
