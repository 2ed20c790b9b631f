// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import type { z } from 'zod';
import { AnalysisTemplateSpec } from '../../operator/api/analysis.ts';
import { MetricsProviderSpec } from '../../operator/api/metrics-provider.ts';
import { BlueGreenSpec } from '../../operator/api/blue-green.ts';
import { CanarySpec } from '../../operator/api/canary.ts';
import { API_VERSION } from '../../operator/api/group.ts';
import {
  anchorsOf,
  codesIn,
  fencesOf,
  pages,
  readPage,
  relativeLinks,
  root,
  withoutFences,
} from './markdown.ts';

const specs: Readonly<Record<string, z.ZodType>> = {
  BlueGreen: BlueGreenSpec,
  Canary: CanarySpec,
  AnalysisTemplate: AnalysisTemplateSpec,
  MetricsProvider: MetricsProviderSpec,
};

interface Manifest {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly spec?: unknown;
}

function documentsIn(yaml: string): Manifest[] {
  return parseAllDocuments(yaml).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  });
}

function yamlFencesOf(page: string): string[] {
  return fencesOf(readPage(page)).flatMap(({ language, text }) => (language === 'yaml' ? [text] : []));
}

describe('every page', () => {
  it.each(pages)('%s links only to what is there', (page) => {
    const broken = relativeLinks(readPage(page)).filter((link) => !isThere(page, link));
    expect(broken).toEqual([]);
  });

  it.each(pages)('%s names only paths that exist', (page) => {
    const paths = codesIn(withoutFences(readPage(page))).filter((code) =>
      /^(operator|test|scripts|bench|crds|deploy|examples|docs)\/[\w./-]*$/.test(code),
    );
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it.each(pages)('%s has the figures that a benchmark wrote', (page) => {
    const blocks = readPage(page).matchAll(/<!-- figures: [^]*?<!-- end of figures -->/g);
    for (const [block] of blocks) expect(block).toMatch(/^\| .+ \|$/m);
  });

  it.each(pages)('%s shows only YAML that can be read', (page) => {
    for (const yaml of yamlFencesOf(page)) documentsIn(yaml);
  });
});

function isThere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || anchorsOf(readPage(target)).includes(anchor);
}

describe('the manifests', () => {
  const ours = pages.flatMap((page) =>
    yamlFencesOf(page)
      .flatMap(documentsIn)
      .filter(({ apiVersion }) => apiVersion === API_VERSION)
      .map(({ kind = '', spec }) => ({ page, kind, spec })),
  );

  it('are there for each kind', () => {
    expect([...new Set(ours.map(({ kind }) => kind))].toSorted()).toEqual(Object.keys(specs).toSorted());
  });

  it.each(ours)('$page: $kind says nothing that the schema refuses or drops', ({ kind, spec }) => {
    expect(specs[kind]?.safeParse(spec)).toMatchObject({ success: true, data: spec });
  });
});

describe('README.md', () => {
  it('shows examples/canary-service.yaml as the first Canary', () => {
    const example = readFileSync(join(root, 'examples/canary-service.yaml'), 'utf8');
    const [first] = yamlFencesOf('README.md');
    expect(first).toBe(example.replace(/^# SPDX-.*\n/, ''));
  });
});

describe('docs/adr', () => {
  const records = readdirSync(join(root, 'docs/adr')).filter((name) => /^\d{4}-/.test(name));

  it('have a number of their own each', () => {
    const numbers = records.map((name) => name.slice(0, 4));
    expect(numbers).toEqual([...new Set(numbers)]);
  });

  it('lists every record once', () => {
    const links = relativeLinks(readPage('docs/adr/README.md'));
    expect(links.toSorted()).toEqual(records.toSorted());
  });

  it.each(records)('%s has its parts', (record) => {
    const page = readPage(`docs/adr/${record}`);
    expect(page).toMatch(new RegExp(`^# ${record.slice(0, 4)} `));
    expect(page).toMatch(/^Status: (accepted|superseded by \d{4}), \d{4}-\d{2}-\d{2}\.$/m);
    expect(anchorsOf(page).slice(1)).toEqual(['context', 'decision', 'consequences', 'alternatives']);
  });
});
