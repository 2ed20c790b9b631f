// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const committed = resolve(import.meta.dirname, '../../crds');
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'headway-crds-'));
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

function generate(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'generate.ts'), '--dir', dir, ...args],
    { encoding: 'utf8', env: {} },
  );
  return { status, stdout, stderr };
}

describe('generate', () => {
  it('writes what is committed, and then finds no drift', () => {
    expect(generate().stdout).toBe(
      'crds/analysistemplates.yaml written\ncrds/bluegreens.yaml written\ncrds/canaries.yaml written\ncrds/metricsproviders.yaml written\n',
    );
    expect(readdirSync(dir)).toEqual(readdirSync(committed));
    for (const file of readdirSync(dir)) {
      expect(readFileSync(join(committed, file), 'utf8')).toBe(readFileSync(join(dir, file), 'utf8'));
    }
    expect(generate('--check')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('leaves files alone that are as they should be', () => {
    generate();
    const file = join(dir, 'canaries.yaml');
    const before = statSync(file).mtimeMs;
    expect(generate().stdout).toBe('crds/ is up to date\n');
    expect(statSync(file).mtimeMs).toBe(before);
  });

  it('says which files drift and what to run, and writes nothing', () => {
    generate();
    appendFileSync(join(dir, 'canaries.yaml'), '# edited by hand\n');
    rmSync(join(dir, 'metricsproviders.yaml'));
    expect(generate('--check')).toEqual({
      status: 1,
      stdout: '',
      stderr: [
        'crds/canaries.yaml is not what operator/api says; run: npm run generate\n',
        'crds/metricsproviders.yaml is not what operator/api says; run: npm run generate\n',
      ].join(''),
    });
    expect(readdirSync(dir)).toEqual(['analysistemplates.yaml', 'bluegreens.yaml', 'canaries.yaml']);
  });

  it('says which file belongs to no kind', () => {
    generate();
    writeFileSync(join(dir, 'releases.yaml'), '');
    expect(generate('--check')).toMatchObject({
      status: 1,
      stderr: 'crds/releases.yaml belongs to no kind; delete it\n',
    });
  });
});
