// SPDX-License-Identifier: Apache-2.0
// Realistic manifests, word by word: GOLDEN=write writes the results anew; the difference is the review.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { lint } from '../lint/lint.ts';
import { type Manifest, readManifests } from '../manifests/manifests.ts';
import { convert, type Converted, streamOf } from './convert.ts';
import { isWithin, leavesOf } from './ledger.ts';
import { conversionText } from './report.ts';

const folder = join(import.meta.dirname, 'samples');
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.replace('.yaml', ''));

function sourcesOf(name: string): readonly Manifest[] {
  const { manifests, problems } = readManifests({
    name: `${name}.yaml`,
    text: readFileSync(join(folder, `${name}.yaml`), 'utf8'),
  });
  expect(problems).toEqual([]);
  return manifests;
}

function lintedLines(text: string): string[] {
  return lint(readManifests({ name: 'result', text }))
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ at, field, message }) => `${at.line}: ${field}: ${message}`);
}

/** Leaves of a source of which the report says nothing. */
function silentLeaves({ books }: Converted): string[] {
  return books.flatMap((book) => {
    const entries = book.entries();
    return leavesOf(book.source.value)
      .filter((leaf) => !entries.some(({ path }) => isWithin(leaf, path)))
      .map((leaf) => leaf.join('.'));
  });
}

describe.each(names)('%s', (name) => {
  const converted = convert(sourcesOf(name));
  const stream = streamOf(converted.drafts);

  it('is converted as it was read last', () => {
    const golden = join(folder, `${name}.txt`);
    const text = `${stream}=== report\n${conversionText(converted)}`;
    if (process.env['GOLDEN'] === 'write' || !existsSync(golden)) writeFileSync(golden, text);
    expect(text).toBe(readFileSync(golden, 'utf8'));
  });

  it('gives manifests in which lint finds no problem', () => {
    expect(lintedLines(stream)).toEqual([]);
  });

  it('gives a stream that is YAML of every version', () => {
    for (const version of ['1.1', '1.2'] as const) {
      const documents = parseAllDocuments(stream, { version });
      expect(documents).toHaveLength(converted.drafts.length);
      const values = documents.map((document) => document.toJS() as unknown);
      expect(values).toEqual(
        converted.drafts.map(({ value }) => JSON.parse(JSON.stringify(value)) as unknown),
      );
    }
  });

  it('says of every leaf of a source what became of it', () => {
    expect(silentLeaves(converted)).toEqual([]);
    for (const book of converted.books) {
      for (const { fate, to, why } of book.entries()) {
        expect(fate === 'dropped' ? why : to).toBeTruthy();
        if (fate !== 'kept') expect(why).toBeTruthy();
      }
    }
  });

  it('knows every field', () => {
    const unknown = converted.books.flatMap((book) =>
      book
        .entries()
        .filter(({ why }) => why?.startsWith('this field is not known'))
        .map(({ path }) => path.join('.')),
    );
    expect(unknown).toEqual([]);
  });

  it('keeps what it says it keeps', () => {
    for (const book of converted.books) {
      for (const { fate, to, path } of book.entries()) {
        if (fate !== 'kept' || to === undefined) continue;
        const [label = ''] = to.split(' ');
        const isThere = converted.drafts.some((draft) => `${draft.kind}/${draft.name}` === label);
        const isSource = `${book.source.kind}/${book.source.name}` === label;
        expect(`${path.join('.')} as ${label}: ${isThere || isSource}`).toMatch(/true$/);
      }
    }
  });
});

describe('what is taken up', () => {
  it('leaves alone what is of others', () => {
    const { untouched, drafts } = convert(sourcesOf('argo-nginx'));
    expect(untouched.map(({ kind }) => kind)).toEqual(['Service']);
    expect(drafts.map(({ kind, name }) => `${kind}/${name}`)).toEqual([
      'MetricsProvider/prometheus',
      'AnalysisTemplate/success-rate',
      'AnalysisTemplate/latency',
      'AnalysisTemplate/checkout-step-5',
      'Deployment/checkout',
      'Canary/checkout',
      'HorizontalPodAutoscaler/checkout',
    ]);
  });

  it.each([
    ['argo-routers', 'sets', /^workloadRef names a ReplicaSet, and a Deployment is released here/],
    ['flagger-routers', 'daemons', /^it releases a DaemonSet, and a Deployment is released here/],
  ])('refuses what it cannot convert in %s', (name, refused, message) => {
    const { refusals } = convert(sourcesOf(name));
    expect(refusals.map(({ source }) => source.name)).toEqual([refused]);
    expect(refusals[0]?.message).toMatch(message);
  });

  it('takes nothing from manifests of its own', () => {
    const own = readManifests({ name: 'own', text: streamOf(convert(sourcesOf('argo-istio')).drafts) });
    expect(convert(own.manifests).drafts).toEqual([]);
  });
});
