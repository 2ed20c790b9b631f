// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Metafile } from 'esbuild';
import { bundledPackages, headerOf, packageFolder } from './packages.ts';

let root = '';

const FILES: Readonly<Record<string, string>> = {
  'package-lock.json': JSON.stringify({
    packages: { 'node_modules/a': { integrity: 'sha512-aaaa' }, 'node_modules/b/node_modules/a': {} },
  }),
  'node_modules/a/package.json': '{"name":"a","version":"2.0.0","license":"MIT"}',
  'node_modules/a/LICENSE': '\nMIT of a\n\n',
  'node_modules/a/NOTICE.md': 'notice of a',
  'node_modules/a/index.js': '// Copyright: not asked, there is a licence\n',
  'node_modules/b/package.json': '{"name":"b","version":"1.0.0","license":{"type":"old form"}}',
  'node_modules/b/licence.txt': 'licence of b',
  'node_modules/b/node_modules/a/package.json': '{"name":"a","version":"1.0.0","license":"ISC"}',
  'node_modules/b/node_modules/a/index.js': '// Copyright 2026 A\n//\n// All rights.\nexport {};\n',
  'node_modules/b/node_modules/a/more.js': '// Copyright 2026 A\n//\n// All rights.\nexport {};\n',
  'node_modules/@s/c/package.json': '{"name":"@s/c","version":"0.1.0"}',
};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'headway-packages-'));
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Files with their bytes in the output, and what each imports. */
function metafile(files: Record<string, [bytes: number, ...imports: string[]]>): Metafile {
  const inputs = Object.entries(files).map(([file, [bytes, ...imports]]) => {
    const paths = imports.map((path) => ({ path, kind: 'import-statement' as const }));
    return [file, { bytes, imports: paths }] as const;
  });
  const inOutput = Object.entries(files).map(([file, [bytesInOutput]]) => [file, { bytesInOutput }] as const);
  const out = { bytes: 1, imports: [], exports: [], inputs: Object.fromEntries(inOutput) };
  return { inputs: Object.fromEntries(inputs), outputs: { 'dist/out.mjs': out } };
}

const whole = metafile({
  'operator/main.ts': [10, 'operator/more.ts', 'node_modules/b/index.js', 'node_modules/@s/c/index.js'],
  'operator/more.ts': [5, 'node_modules/b/other.js'],
  'node_modules/b/index.js': [3, 'node_modules/b/other.js', 'node_modules/b/node_modules/a/index.js'],
  'node_modules/b/other.js': [4, 'node_modules/a/index.js'],
  'node_modules/b/node_modules/a/index.js': [7],
  'node_modules/b/node_modules/a/more.js': [1],
  'node_modules/a/index.js': [2],
  'node_modules/@s/c/index.js': [0],
});

describe('bundledPackages', () => {
  it('has each package that left a byte, by the package.json beside it', () => {
    const { packages } = bundledPackages(whole, 'dist/out.mjs', root);
    expect(packages.map(({ name, version, license, bytes }) => [name, version, license, bytes])).toEqual([
      ['a', '1.0.0', 'ISC', 8],
      ['a', '2.0.0', 'MIT', 2],
      ['b', '1.0.0', '', 7],
    ]);
  });

  it('knows what is used by what', () => {
    const { ownBytes, ownUses, packages } = bundledPackages(whole, 'dist/out.mjs', root);
    expect([ownBytes, ownUses]).toEqual([15, ['b@1.0.0']]);
    expect(packages.map(({ uses }) => uses)).toEqual([[], [], ['a@2.0.0', 'a@1.0.0']]);
  });

  it('takes hashes from the lockfile', () => {
    const { packages } = bundledPackages(whole, 'dist/out.mjs', root);
    expect(packages.map(({ integrity }) => integrity)).toEqual(['', 'sha512-aaaa', '']);
  });

  it('has the licence files, or what stands at the top of the files that are in it', () => {
    const { packages } = bundledPackages(whole, 'dist/out.mjs', root);
    expect(packages.map(({ texts }) => texts)).toEqual([
      [{ file: 'at the top of its files', text: 'Copyright 2026 A\n\nAll rights.\n' }],
      [
        { file: 'LICENSE', text: 'MIT of a\n' },
        { file: 'NOTICE.md', text: 'notice of a\n' },
      ],
      [{ file: 'licence.txt', text: 'licence of b\n' }],
    ]);
  });

  it('throws when esbuild wrote another file', () => {
    expect(() => bundledPackages(whole, 'dist/other.mjs', root)).toThrow('esbuild wrote no dist/other.mjs');
  });

  it('throws for a folder that is no package', () => {
    writeFileSync(join(root, 'node_modules/@s/c/package.json'), '{"name":"@s/c"}');
    const broken = metafile({ 'node_modules/@s/c/index.js': [1] });
    expect(() => bundledPackages(broken, 'dist/out.mjs', root)).toThrow(
      'node_modules/@s/c/package.json has no name and version',
    );
  });
});

describe('packageFolder', () => {
  it.each([
    ['operator/main.ts', undefined],
    ['node_modules/a/index.js', 'node_modules/a'],
    ['node_modules/@s/c/lib/index.js', 'node_modules/@s/c'],
    ['node_modules/b/node_modules/@s/c/index.js', 'node_modules/b/node_modules/@s/c'],
    ['../elsewhere/node_modules/a/index.js', '../elsewhere/node_modules/a'],
  ])('of %s is %s', (file, folder) => {
    expect(packageFolder(file)).toBe(folder);
  });
});

describe('headerOf', () => {
  it.each<[string, string, string[]]>([
    ['a copyright', '// Copyright 2026 A\n// line\ncode();\n', ['Copyright 2026 A\nline\n']],
    ['another comment', '// Says something.\ncode();\n', []],
    ['a copyright further down', 'code();\n// Copyright 2026 A\n', []],
    ['nothing', '', []],
  ])('of a source with %s', (_, source, expected) => {
    expect(headerOf(source)).toEqual(expected);
  });
});
