// SPDX-License-Identifier: Apache-2.0
import type { Check, CheckArg } from '../../operator/api/analysis.ts';
import { resolveChecks } from '../../operator/engine/analysis/resolve.ts';
import type { CheckProblem } from '../../operator/engine/analysis/types.ts';
import {
  type Judged,
  judgedIn,
  type Known,
  type KnownOf,
  type KnownRelease,
  templateFor,
} from '../manifests/known.ts';
import type { Path } from '../manifests/offsets.ts';
import { ANYWHERE, scopeOf } from '../manifests/scope.ts';
import { type Problem, problemAt } from './problem.ts';

/**
 * What the operator would say when it wants to ask the checks: placeholders, conditions, arguments, and what the traffic
 * of a release does not let it tell apart.
 */
export function lintChecks(known: readonly Known[]): Problem[] {
  return known.flatMap((one) => {
    if (one.kind === 'AnalysisTemplate') return ofTemplate(one);
    return one.kind === 'MetricsProvider'
      ? []
      : judgedIn(one).flatMap((judged) => ofJudged(one, judged, known));
  });
}

function ofTemplate({ manifest, spec }: KnownOf<'AnalysisTemplate'>): Problem[] {
  return problemsOfTemplate(spec).map((problem) => {
    const path = pathOf(problem, ['spec'], { checks: spec.checks, args: spec.args ?? [] });
    return problemAt(manifest, path, { message: problem.message });
  });
}

function problemsOfTemplate({ checks, args }: KnownOf<'AnalysisTemplate'>['spec']): readonly CheckProblem[] {
  const given = args ? [] : argsNamedIn(checks);
  return problemsOf({ template: { checks, args }, args: given, scope: ANYWHERE });
}

/** A template that declares no arguments takes any; a number is good wherever a value is. */
function argsNamedIn(checks: readonly Check[]): CheckArg[] {
  const named = checks.flatMap(({ query = '' }) => [...query.matchAll(/\{\{\s*args\.([^}\s]+)\s*\}\}/g)]);
  return [...new Set(named.map(([, name = '']) => name))].map((name) => ({ name, value: '1' }));
}

function ofJudged(release: KnownRelease, { source, path, when }: Judged, known: readonly Known[]): Problem[] {
  const { manifest } = release;
  const { templateRef, checks, args = [] } = source;
  const scope = scopeOf(release, when);
  if (checks) {
    return problemsOf({ template: { checks }, args, scope }).map((problem) =>
      problemAt(manifest, pathOf(problem, path, { checks, args }), { message: problem.message }),
    );
  }
  const template = templateRef && templateFor(manifest, templateRef.name, known);
  if (!template) return [];
  const own = problemsOfTemplate(template.spec).map(textOf);
  return problemsOf({ template: template.spec, args, scope })
    .filter((problem) => !own.includes(textOf(problem)))
    .map((problem) => {
      const isOfArgs = problem.field.startsWith('args.');
      const place = isOfArgs ? pathOf(problem, path, { checks: [], args }) : [...path, 'templateRef', 'name'];
      const message = `AnalysisTemplate ${templateRef?.name}, check ${textOf(problem)}`;
      return problemAt(manifest, place, { message });
    });
}

function textOf({ check, field, message }: CheckProblem): string {
  return `${check}, ${field}: ${message}`;
}

function problemsOf(checks: Parameters<typeof resolveChecks>[0]): readonly CheckProblem[] {
  const resolution = resolveChecks(checks);
  return resolution.kind === 'invalid' ? resolution.problems : [];
}

/** The field that a problem speaks of; the list around it where it is not to be found. */
function pathOf(
  { check, field }: CheckProblem,
  base: Path,
  { checks, args }: { checks: readonly Check[]; args: readonly CheckArg[] },
): Path {
  const [first = '', ...rest] = field.split('.');
  if (first === 'args') {
    const index = args.findIndex(({ name }) => name === rest.join('.'));
    return index < 0 ? [...base, 'args'] : [...base, 'args', index, 'name'];
  }
  const index = checks.findIndex(({ name }) => name === check);
  return [...base, 'checks', index, first, ...(rest.length > 0 ? [rest.join('.')] : [])];
}
