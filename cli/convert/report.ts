// SPDX-License-Identifier: Apache-2.0
import { plural } from '../../operator/engine/analysis/line.ts';
import { fieldText } from '../lint/problem.ts';
import { countKinds, type Manifest } from '../manifests/manifests.ts';
import type { Converted } from './convert.ts';
import type { Entry, Ledger } from './ledger.ts';

/** What became of every field of every source, what was left alone, and where a person must look. */
export function conversionText({ drafts, books, refusals, untouched }: Converted): string {
  const looks = drafts.reduce((sum, draft) => sum + draft.looks.length, 0);
  const lines = [
    ...books.flatMap(bookLines),
    ...refusals.flatMap(({ source, message }) => [`${titleOf(source)}`, `  not converted: ${message}`, '']),
    ...(untouched.length === 0 ? [] : [`not read: ${kindsOf(untouched)}`]),
    `${plural(drafts.length, 'manifest')} made; ${plural(looks, 'place')} marked LOOK ${looks === 1 ? 'is' : 'are'} for a person`,
  ];
  return `${lines.join('\n')}\n`;
}

function bookLines(ledger: Ledger): string[] {
  return [titleOf(ledger.source), ...ledger.entries().map(lineOf), ''];
}

function titleOf(source: Manifest): string {
  const { file, line } = source.at([]);
  const name = source.namespace === '' ? source.name : `${source.namespace}/${source.name}`;
  return `${source.kind} ${name} of ${source.apiVersion} (${file}:${line})`;
}

function lineOf({ path, fate, to, why }: Entry): string {
  const what = `  ${fate.padEnd(7)} ${fieldText(path)}`;
  if (fate === 'kept') return `${what} as ${to}`;
  return fate === 'changed' ? `${what} to ${to}: ${why}` : `${what}: ${why}`;
}

function kindsOf(sources: readonly Manifest[]): string {
  return [...countKinds(sources)].map(([kind, count]) => `${count} ${kind}`).join(', ');
}
