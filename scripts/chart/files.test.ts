// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generatedFiles, wholeFolders } from './files.ts';

const root = resolve(import.meta.dirname, '../..');
let copy = '';

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'headway-chart-'));
  for (const path of ['charts', 'crds', 'deploy', 'package.json']) {
    cpSync(join(root, path), join(copy, path), { recursive: true });
  }
});

afterEach(() => rmSync(copy, { recursive: true }));

describe('generatedFiles', () => {
  it('are what is in the checkout', () => {
    const stale = [...generatedFiles(root)].filter(
      ([path, text]) => readFileSync(join(root, path), 'utf8') !== text,
    );
    expect(stale.map(([path]) => path)).toEqual([]);
  });

  it('follow the version of the package', () => {
    const manifest = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8')) as object;
    writeFileSync(join(copy, 'package.json'), JSON.stringify({ ...manifest, version: '1.2.3' }));
    const chart = generatedFiles(copy).get('charts/headway/Chart.yaml');
    expect(chart).toMatch(/^version: 1\.2\.3$/m);
    expect(chart).toMatch(/^appVersion: "1\.2\.3"$/m);
    expect(chart).toContain('apiVersion: v2');
  });

  it('follow the CRDs, to the byte', () => {
    const crd = `${readFileSync(join(copy, 'crds/canaries.yaml'), 'utf8')}# changed\n`;
    writeFileSync(join(copy, 'crds/canaries.yaml'), crd);
    expect(generatedFiles(copy).get('charts/headway/files/crds/canaries.yaml')).toBe(crd);
  });
});

describe('wholeFolders', () => {
  it('hold what is generated, and nothing else', () => {
    const generated = generatedFiles(root);
    for (const folder of wholeFolders) {
      const files = readdirSync(join(root, folder)).map((file) => `${folder}/${file}`);
      expect(files).toEqual([...generated.keys()].filter((path) => path.startsWith(folder)));
    }
  });
});
