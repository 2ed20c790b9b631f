// SPDX-License-Identifier: Apache-2.0
import { plural } from '../../operator/engine/analysis/line.ts';
import type { Linted } from './lint.ts';
import type { Problem, Severity } from './problem.ts';

/** One line for each problem, as editors and CI read them, and one that closes. */
export function lintText(linted: Linted): string {
  return `${[...linted.problems.map(lineOf), closingLine(linted)].join('\n')}\n`;
}

function lineOf({ at, severity, field, message }: Problem): string {
  const place = `${at.file}:${at.line}:${at.column}`;
  const label = severity === 'error' ? '' : `${severity}: `;
  return `${place}: ${label}${field === undefined || field === '' ? '' : `${field}: `}${message}`;
}

function closingLine({ problems, checked, skipped }: Linted): string {
  const of = (severity: Severity) => problems.filter((problem) => problem.severity === severity).length;
  const counts = [
    plural(of('error'), 'problem'),
    plural(of('warning'), 'warning'),
    plural(of('note'), 'note'),
  ];
  const said =
    problems.length === 0 ? 'no problems' : counts.filter((text) => !text.startsWith('0 ')).join(', ');
  return `${said} in ${plural(checked, 'manifest')} of Headway${skippedText(skipped)}`;
}

function skippedText(skipped: Linted['skipped']): string {
  if (skipped.size === 0) return '';
  const kinds = [...skipped]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => `${count} ${kind}`);
  return `; not checked: ${kinds.join(', ')}`;
}

/** The same for programs. */
export function lintJson({ problems, checked, skipped }: Linted): string {
  const rows = problems.map(({ at, ...rest }) => ({ ...at, ...rest }));
  return `${JSON.stringify({ problems: rows, checked, skipped: Object.fromEntries(skipped) }, null, 2)}\n`;
}
