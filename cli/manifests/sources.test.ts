// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UsageError } from '../command.ts';
import { testIo } from './test-io.ts';
import { readSources } from './sources.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headway-sources-'));
  await mkdir(join(folder, 'deep'));
  await mkdir(join(folder, 'empty'));
  for (const name of ['b.yaml', 'a.yml', 'c.json', 'readme.md', 'deep/d.yaml'])
    await writeFile(join(folder, name), name);
});

afterAll(() => rm(folder, { recursive: true }));

async function namesOf(paths: string[], options?: { recursive: boolean }): Promise<string[]> {
  const sources = await readSources(
    paths.map((path) => (path === '-' ? path : join(folder, path))),
    testIo('from stdin'),
    options,
  );
  return sources.map(({ name, text }) => `${name.replace(`${folder}/`, '')}: ${text}`);
}

describe('readSources', () => {
  it('reads files in the order in which they are named, each once', async () => {
    expect(await namesOf(['b.yaml', 'a.yml', 'b.yaml'])).toEqual(['b.yaml: b.yaml', 'a.yml: a.yml']);
  });

  it('reads any file that is named itself', async () => {
    expect(await namesOf(['readme.md'])).toEqual(['readme.md: readme.md']);
  });

  it('reads the manifests of a folder, by name', async () => {
    expect(await namesOf(['.'])).toEqual(['a.yml: a.yml', 'b.yaml: b.yaml', 'c.json: c.json']);
  });

  it('reads those of folders in it on request', async () => {
    expect(await namesOf(['.'], { recursive: true })).toContain('deep/d.yaml: deep/d.yaml');
  });

  it('reads standard input', async () => {
    expect(await namesOf(['-', 'a.yml'])).toEqual(['stdin: from stdin', 'a.yml: a.yml']);
  });

  it('names everything that cannot be read at once', async () => {
    const error: unknown = await namesOf(['gone', '-', '-', 'empty']).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message.replaceAll(`${folder}/`, '').split('\n')).toEqual([
      '-: standard input can be read once; name - once',
      'gone: is not there; name a file, a folder or - for standard input',
      'empty: has no file that ends with .yaml, .yml or .json; -R also looks into the folders in it',
    ]);
  });
});
