// SPDX-License-Identifier: Apache-2.0
import { MAX_CHECKS } from '../../../operator/api/analysis.ts';
import { childName } from '../../../operator/engine/names.ts';
import type { Manifest } from '../../manifests/manifests.ts';
import type { Path } from '../../manifests/offsets.ts';
import type { Draft } from '../draft.ts';
import type { Ledger } from '../ledger.ts';
import { uniqueByName } from '../unique-names.ts';
import type { Workshop } from '../workshop.ts';
import { type Given, givenArgs } from './args.ts';
import { type MadeTemplate, templateNamed } from './templates.ts';

export interface AnalysisContext {
  readonly workshop: Workshop;
  readonly ledger: Ledger;
  /** The Canary or BlueGreen. */
  readonly draft: Draft;
  readonly templates: ReadonlyMap<Manifest, MadeTemplate>;
}

interface Reference {
  readonly path: Path;
  readonly name: string;
  readonly source: Manifest | undefined;
  readonly made: MadeTemplate | undefined;
}

/**
 * Writes what an analysis of a Rollout judges to a field of the result. False: nothing of it could be converted, so
 * that somebody else has to judge.
 */
export function convertAnalysis(
  context: AnalysisContext,
  { from, to, slot }: { from: Path; to: Path; slot: string },
): boolean {
  const { ledger, draft } = context;
  noteRest(ledger, from);
  noteDryRun(context, from, to);
  const references = referencesIn(context, from);
  const usable = references.filter(
    ({ name, source, made }) => name !== '' && (source === undefined || made?.draft !== undefined),
  );
  for (const { path, name } of references.filter((one) => !usable.includes(one))) {
    const why =
      name === '' ? 'it names no template' : `no metric of AnalysisTemplate ${name} could be converted`;
    ledger.dropped(path, why);
  }
  const [first] = usable;
  if (!first) {
    dropArgs(ledger, from, 'no check is left that takes it');
    return false;
  }
  const used = usable.length === 1 ? oneOf(first) : merged(context, usable, slot);
  const place = draft.set([...to, 'templateRef', 'name'], used.name);
  for (const one of usable) noteReference(context, one, { name: used.name, place, to });
  convertArgs(context, { from, to, usable, defaults: used.defaults });
  return true;
}

/** What an analysis names, and the arguments that every release has to give to it. */
interface Used {
  readonly name: string;
  readonly defaults: MadeTemplate['defaults'];
}

function oneOf({ name, made }: Reference): Used {
  return { name, defaults: made?.defaults ?? [] };
}

function referencesIn({ workshop, ledger, templates }: AnalysisContext, from: Path): Reference[] {
  return ledger.list(...from, 'templates').map((_, index): Reference => {
    const path = [...from, 'templates', index];
    const name = ledger.text(...path, 'templateName') ?? '';
    const isOfCluster = ledger.value(...path, 'clusterScope') === true;
    const source = templateNamed(workshop, ledger.source, { name, isOfCluster });
    return { path, name, source, made: source && templates.get(source) };
  });
}

function noteReference(
  { ledger, draft }: AnalysisContext,
  { path, name, source }: Reference,
  at: { name: string; place: string; to: Path },
): void {
  if (source === undefined) {
    draft.look(
      [...at.to, 'templateRef'],
      `AnalysisTemplate ${name} was not in what was read; convert it too.`,
    );
  }
  if (name === at.name) ledger.kept([...path, 'templateName'], at.place);
  else
    ledger.changed(
      [...path, 'templateName'],
      at.place,
      'an analysis has one template here, with the checks of all',
    );
  ledger.changed([...path, 'clusterScope'], at.place, 'a template belongs to the namespace');
}

/** One template with the checks of all; where some are not known, the first one alone. */
function merged({ workshop, ledger, draft }: AnalysisContext, all: readonly Reference[], slot: string): Used {
  const drafts = all.flatMap(({ made }) => made?.draft ?? []);
  const [first, ...rest] = all;
  if (first && drafts.length < all.length) {
    const names = all.map(({ name }) => name).join(', ');
    draft.look(['spec'], `${slot} had the templates ${names}; one fits, and not all were read.`);
    for (const { path, name } of rest)
      ledger.dropped(path, `an analysis has one template; put the checks of ${name} into it`);
    return oneOf(first);
  }
  const name = childName(draft.name, `-${slot}`, 253);
  const args = uniqueByName(drafts.flatMap((one) => listAt<NamedValue>(one, ['spec', 'args'])));
  const isWhole = all.every(({ made }) => made?.defaults.length === 0) && drafts.every(hasArgsIfNeeded);
  const made = workshop.draft('AnalysisTemplate', { name, namespace: draft.namespace });
  if (args.length > 0 && isWhole) made.set(['spec', 'args'], args);
  const checks = uniqueByName(drafts.flatMap((one) => listAt(one, ['spec', 'checks'])));
  made.set(['spec', 'checks'], checks.slice(0, MAX_CHECKS));
  if (checks.length > MAX_CHECKS)
    made.look(['spec', 'checks'], `there were ${checks.length}, and ${MAX_CHECKS} fit.`);
  for (const { looks } of drafts) for (const { text } of looks) made.look(['spec', 'checks'], text);
  return { name, defaults: isWhole ? [] : [...args, ...all.flatMap((one) => one.made?.defaults ?? [])] };
}

/** A template that takes arguments and declares none takes any. */
function hasArgsIfNeeded(draft: Draft): boolean {
  const asks = JSON.stringify(draft.get(['spec', 'checks'])).includes('{{args.');
  return !asks || draft.get(['spec', 'args']) !== undefined;
}

interface Named {
  readonly name: string;
}

interface NamedValue extends Named {
  readonly value: string;
}

function listAt<T extends Named>(draft: Draft, path: Path): T[] {
  const value = draft.get(path);
  return Array.isArray(value) ? (value as T[]) : [];
}

function convertArgs(
  { ledger, draft }: AnalysisContext,
  {
    from,
    to,
    usable,
    defaults,
  }: { from: Path; to: Path; usable: readonly Reference[]; defaults: Used['defaults'] },
): void {
  const given = givenArgs(ledger, [...from, 'args'], ledger.source);
  const args: { name: string; value: string }[] = [];
  for (const one of given) {
    const isRole = usable.some(({ made }) => made?.roles.has(one.name));
    if (isRole)
      ledger.changed(one.path, 'the queries of the template', `a hash is a placeholder: {{${one.role}}}`);
    else if (one.value === undefined) dropArg(ledger, draft, { one, to });
    else if (!isTaken(one, usable)) ledger.dropped(one.path, 'no check that is left takes it');
    else {
      ledger.kept(one.path, draft.place([...to, 'args', args.length]));
      args.push({ name: one.name, value: one.value });
    }
  }
  for (const one of defaults) if (!args.some(({ name }) => name === one.name)) args.push(one);
  if (args.length > 0) draft.set([...to, 'args'], args.slice(0, MAX_ARGS));
}

const MAX_ARGS = 16;

function dropArg(ledger: Ledger, draft: Draft, { one, to }: { one: Given; to: Path }): void {
  const { role, problem, name, path } = one;
  const why = role ? 'it is the hash of a revision, and its template was not read' : (problem ?? '');
  ledger.dropped(path, why);
  draft.look(to, `argument ${name} is not given: ${why}.`);
}

/** Whether a template that declares its arguments declares this one, or takes any. */
function isTaken({ name }: Given, usable: readonly Reference[]): boolean {
  return usable.some(({ made }) => {
    if (!made?.draft) return true;
    const declared = made.draft.get(['spec', 'args']);
    return !Array.isArray(declared) || (declared as Named[]).some((one) => one.name === name);
  });
}

function dropArgs(ledger: Ledger, from: Path, why: string): void {
  ledger.dropped([...from, 'args'], why);
}

function noteRest(ledger: Ledger, from: Path): void {
  ledger.dropped(
    [...from, 'measurementRetention'],
    'the newest 20 measurements of a check are kept in status',
  );
  ledger.dropped([...from, 'analysisRunMetadata'], 'a run is a part of status, and no object');
}

function noteDryRun({ ledger, draft }: AnalysisContext, from: Path, to: Path): void {
  if (!ledger.has(...from, 'dryRun')) return;
  ledger.dropped([...from, 'dryRun'], 'there is no check that is only looked at');
  draft.look(
    to,
    'some of its metrics were only looked at (dryRun); here every check of the template can fail the release.',
  );
}
