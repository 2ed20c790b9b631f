// SPDX-License-Identifier: Apache-2.0
import type { Manifest } from '../../manifests/manifests.ts';
import { MAX_CHECKS } from '../../../operator/api/analysis.ts';
import type { Draft } from '../draft.ts';
import type { Ledger } from '../ledger.ts';
import { convertMetadata } from '../metadata.ts';
import { uniqueByName } from '../unique-names.ts';
import type { Workshop } from '../workshop.ts';
import { analysesIn, type ArgRole, type Given, givenArgs } from './args.ts';
import { convertMetric, type MadeCheck, type MetricContext } from './metric.ts';

/** A template of Argo Rollouts after its conversion. */
export interface MadeTemplate {
  /** Undefined: none of its metrics could be converted. */
  readonly draft: Draft | undefined;
  /** What every release has to give, because the template itself cannot have it. */
  readonly defaults: readonly { readonly name: string; readonly value: string }[];
  readonly roles: ReadonlyMap<string, ArgRole>;
}

const KINDS = ['AnalysisTemplate', 'ClusterAnalysisTemplate'];

export function isArgoTemplate({ apiVersion, kind }: Manifest): boolean {
  return apiVersion.startsWith('argoproj.io/') && KINDS.includes(kind);
}

export function isRollout({ apiVersion, kind }: Manifest): boolean {
  return apiVersion.startsWith('argoproj.io/') && kind === 'Rollout';
}

/** Every template of the input, by itself; releases look theirs up. */
export function convertTemplates(workshop: Workshop): ReadonlyMap<Manifest, MadeTemplate> {
  const rollouts = workshop.all.filter(isRollout);
  return new Map(
    workshop.all
      .filter(isArgoTemplate)
      .map((template) => [
        template,
        convertTemplate(workshop, template, usesOf(workshop, template, rollouts)),
      ]),
  );
}

/** The template that a reference of a Rollout names. */
export function templateNamed(
  workshop: Workshop,
  rollout: Manifest,
  { name, isOfCluster }: { name: string; isOfCluster: boolean },
): Manifest | undefined {
  const kind = isOfCluster ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate';
  const near = isOfCluster ? workshop.all : workshop.near(rollout, kind);
  return near.find((one) => isArgoTemplate(one) && one.kind === kind && one.name === name);
}

interface Use {
  readonly rollout: Manifest;
  readonly given: readonly Given[];
}

function usesOf(workshop: Workshop, template: Manifest, rollouts: readonly Manifest[]): Use[] {
  return rollouts.flatMap((rollout) => {
    const ledger = workshop.ledgerOf(rollout);
    return analysesIn(rollout)
      .filter((path) =>
        ledger.list(...path, 'templates').some((_, index) => {
          const at = [...path, 'templates', index];
          const name = ledger.text(...at, 'templateName') ?? '';
          const isOfCluster = ledger.value(...at, 'clusterScope') === true;
          return templateNamed(workshop, rollout, { name, isOfCluster }) === template;
        }),
      )
      .map((path) => ({ rollout, given: givenArgs(ledger, [...path, 'args'], rollout) }));
  });
}

function convertTemplate(workshop: Workshop, source: Manifest, uses: readonly Use[]): MadeTemplate {
  const ledger = workshop.ledgerOf(source);
  const namespace = source.namespace === '' ? (uses[0]?.rollout.namespace ?? '') : source.namespace;
  const declared = givenArgs(ledger, ['spec', 'args'], source);
  const roles = rolesOf(uses);
  const draft = workshop.draft('AnalysisTemplate', { name: source.name, namespace });
  const values = valuesOf(declared, uses);
  const context: MetricContext = {
    workshop,
    ledger,
    draft,
    roles,
    values,
    variants: variantsOf(declared, uses),
  };
  const checks = ledger.list('spec', 'metrics').flatMap((_, index) => {
    const made = convertMetric(context, ['spec', 'metrics', index]);
    return made ? [made] : [];
  });
  noteRest(ledger, draft);
  if (checks.length === 0) {
    workshop.drafts.splice(workshop.drafts.indexOf(draft), 1);
    for (const field of ['apiVersion', 'kind', 'metadata', 'status']) ledger.dropped([field], NOTHING_LEFT);
    for (const { path } of declared) ledger.dropped(path, NOTHING_LEFT);
    return { draft: undefined, defaults: [], roles };
  }
  convertMetadata(ledger, [draft]);
  writeChecks(draft, checks);
  return { draft, roles, defaults: declareArgs(ledger, draft, declared, roles) };
}

const NOTHING_LEFT = 'none of its metrics could be converted';

function writeChecks(draft: Draft, checks: readonly MadeCheck[]): void {
  const fitting = checks.slice(0, MAX_CHECKS);
  draft.set(['spec', 'checks'], uniqueByName(fitting.map(({ check }) => check)));
  if (checks.length > fitting.length)
    draft.look(['spec', 'checks'], `it had ${checks.length} metrics, and ${MAX_CHECKS} fit.`);
  for (const [index, { looks }] of fitting.entries()) {
    for (const text of looks) draft.look(['spec', 'checks', index], text);
  }
}

function noteRest(ledger: Ledger, draft: Draft): void {
  if (ledger.source.kind === 'ClusterAnalysisTemplate') {
    draft.look(['metadata'], 'an AnalysisTemplate belongs to a namespace; each that uses it needs one.');
  }
  if (ledger.has('spec', 'templates')) {
    draft.look(
      ['spec'],
      'it took metrics from other templates, which this one does not; name their checks here too.',
    );
    ledger.dropped(['spec', 'templates'], 'a template has checks of its own and no others');
  }
  ledger.dropped(
    ['spec', 'measurementRetention'],
    'the newest 20 measurements of a check are kept in status',
  );
  for (const [index] of ledger.list('spec', 'dryRun').entries()) {
    ledger.dropped(
      ['spec', 'dryRun', index],
      'there is no check that is only looked at; the metric is left out',
    );
  }
}

/** A hash that every release gives is a placeholder; one that only some give is nothing that a query can have. */
function rolesOf(uses: readonly Use[]): Map<string, ArgRole> {
  const roles = new Map<string, Set<ArgRole | 'value'>>();
  for (const { name, role } of uses.flatMap(({ given }) => given)) {
    const known = roles.get(name) ?? new Set();
    roles.set(name, known.add(role ?? 'value'));
  }
  return new Map(
    [...roles].flatMap(([name, found]) => {
      const [only] = found;
      return found.size === 1 && only !== undefined && only !== 'value' ? [[name, only] as const] : [];
    }),
  );
}

/** Every value that an argument may have, by its name. */
function valuesOf(declared: readonly Given[], uses: readonly Use[]): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const { name, value } of [...declared, ...uses.flatMap(({ given }) => given)]) {
    if (value !== undefined) values.set(name, [...(values.get(name) ?? []), value]);
  }
  return values;
}

/** What each release gives; of a template that none uses, any value for what has no default. */
function variantsOf(declared: readonly Given[], uses: readonly Use[]): ReadonlyMap<string, string>[] {
  const defaults = pairsOf(declared);
  if (uses.length > 0) return uses.map(({ given }) => new Map([...defaults, ...pairsOf(given)]));
  return [new Map([...declared.map(({ name }) => [name, '1'] as const), ...defaults])];
}

function pairsOf(args: readonly Given[]): (readonly [string, string])[] {
  return args.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
}

/**
 * Arguments have default values here, and whoever declares some takes no others. So where one has none, none is
 * declared, and each release gives all of them.
 */
function declareArgs(
  ledger: Ledger,
  draft: Draft,
  declared: readonly Given[],
  roles: ReadonlyMap<string, ArgRole>,
): MadeTemplate['defaults'] {
  const wanted = declared.filter(({ name }) => !roles.has(name));
  const withDefault = wanted.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]));
  const isWhole = withDefault.length === wanted.length;
  if (isWhole && wanted.length > 0) draft.set(['spec', 'args'], withDefault);
  for (const one of declared)
    noteArg(ledger, draft, one, { role: roles.get(one.name), isWhole, withDefault });
  return isWhole ? [] : withDefault;
}

function noteArg(
  ledger: Ledger,
  draft: Draft,
  { name, path, value, problem }: Given,
  {
    role,
    isWhole,
    withDefault,
  }: { role: ArgRole | undefined; isWhole: boolean; withDefault: readonly { name: string }[] },
): void {
  if (role) {
    ledger.changed(path, draft.place(['spec', 'checks']), `{{${role}}} in the queries`);
  } else if (isWhole) {
    const index = withDefault.findIndex((one) => one.name === name);
    ledger.kept(path, draft.place(['spec', 'args', index]));
  } else if (value === undefined && problem !== 'it has no value') {
    ledger.dropped(path, problem ?? '');
  } else {
    ledger.changed(
      path,
      'args of each release',
      'a template that declares arguments has a default for each of them',
    );
  }
}
