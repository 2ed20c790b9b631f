// SPDX-License-Identifier: Apache-2.0
import type { Check } from '../../operator/api/analysis.ts';
import { isRelease, judgedIn, type Known, templateFor } from '../manifests/known.ts';
import type { Manifest } from '../manifests/manifests.ts';
import type { Path } from '../manifests/offsets.ts';
import { type Problem, problemAt } from './problem.ts';

interface Reference {
  readonly from: Manifest;
  readonly path: Path;
  readonly kind: 'AnalysisTemplate' | 'MetricsProvider';
  readonly name: string;
}

/** What the objects of the input name and what is not there, once for each; and providers that may not be used. */
export function lintReferences(all: readonly Manifest[], known: readonly Known[]): Problem[] {
  const missing = new Map<string, Problem>();
  const forbidden: Problem[] = [];
  for (const reference of known.flatMap(referencesOf)) {
    const { from, path, kind, name } = reference;
    const key = kind === 'MetricsProvider' ? `${kind} ${name}` : `${kind} ${from.namespace} ${name}`;
    if (!isThere(reference, all, known) && !missing.has(key)) {
      missing.set(key, problemAt(from, path, { severity: 'note', message: absence(reference, all) }));
    }
    forbidden.push(...forbiddenBy(reference, known));
  }
  return [...missing.values(), ...forbidden];
}

function referencesOf(known: Known): Reference[] {
  if (known.kind === 'AnalysisTemplate') return providersOf(known.manifest, known.spec.checks, ['spec']);
  if (!isRelease(known)) return [];
  const from = known.manifest;
  return judgedIn(known).flatMap(({ source: { templateRef, checks = [] }, path }) => [
    ...(templateRef
      ? [
          {
            from,
            path: [...path, 'templateRef', 'name'],
            kind: 'AnalysisTemplate' as const,
            name: templateRef.name,
          },
        ]
      : []),
    ...providersOf(from, checks, path),
  ]);
}

function providersOf(from: Manifest, checks: readonly Check[], base: Path): Reference[] {
  return checks.flatMap(({ provider }, index) =>
    provider === undefined
      ? []
      : [{ from, path: [...base, 'checks', index, 'provider'], kind: 'MetricsProvider', name: provider }],
  );
}

/** One that is there but not good is told of where it stands. */
function isThere(
  { from, kind, name }: Reference,
  all: readonly Manifest[],
  known: readonly Known[],
): boolean {
  if (kind === 'AnalysisTemplate' && templateFor(from, name, known)) return true;
  const found = all.filter((one) => isHeadways(one) && one.kind === kind && one.name === name);
  return found.some(({ namespace }) => kind === 'MetricsProvider' || namespace === from.namespace);
}

function isHeadways({ apiVersion }: Manifest): boolean {
  return apiVersion.startsWith('headway.dev/');
}

function absence({ from, kind, name }: Reference, all: readonly Manifest[]): string {
  const elsewhere = all.find((one) => isHeadways(one) && one.kind === kind && one.name === name);
  if (elsewhere) {
    return `${kind} ${name} is in namespace ${elsewhere.namespace} here, and is looked for in ${from.namespace}`;
  }
  return `${kind} ${name} is not in what was read; make sure that the cluster has it`;
}

function forbiddenBy({ from, path, kind, name }: Reference, known: readonly Known[]): Problem[] {
  if (kind !== 'MetricsProvider' || from.namespace === '') return [];
  const provider = known
    .filter((one) => one.kind === 'MetricsProvider')
    .find(({ manifest }) => manifest.name === name);
  const { allowedNamespaces } = provider?.spec ?? {};
  if (!allowedNamespaces || allowedNamespaces.includes(from.namespace)) return [];
  const allowed = allowedNamespaces.length === 0 ? 'none' : allowedNamespaces.join(', ');
  const message = `MetricsProvider ${name} does not allow namespace ${from.namespace}; its allowedNamespaces are ${allowed}`;
  return [problemAt(from, path, { message })];
}
