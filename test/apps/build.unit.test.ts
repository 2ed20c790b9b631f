// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { run } from '../cluster/shell.ts';
import { demoBinary, demoImage, loadBinary, sourceHash } from './build.ts';

// The first build on a machine compiles Go's standard library.
jest.setTimeout(300_000);

describe('sourceHash', () => {
  let folder: string;
  const hash = (toolchain = ['go1', 'amd64']) => sourceHash('demo', folder, toolchain);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headway-apps-'));
    await mkdir(join(folder, 'demo'));
    await writeFile(join(folder, 'go.mod'), 'module m\n');
    await writeFile(join(folder, 'demo', 'main.go'), 'package main\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('changes with sources, module and toolchain, and not with tests or notes', async () => {
    const before = await hash();
    await writeFile(join(folder, 'demo', 'main_test.go'), 'package main\n');
    await writeFile(join(folder, 'demo', 'notes.md'), 'x\n');
    expect(await hash()).toBe(before);
    expect(await hash(['go2', 'amd64'])).not.toBe(before);

    await writeFile(join(folder, 'demo', 'other.go'), 'package main\n');
    const withFile = await hash();
    expect(withFile).not.toBe(before);
    await writeFile(join(folder, 'go.mod'), 'module n\n');
    expect(await hash()).not.toBe(withFile);
  });
});

describe('binaries', () => {
  it.each([
    ['demo', demoBinary],
    ['load', loadBinary],
  ])('%s is built once, alone in its folder, and runs', async (name, binary) => {
    const path = await binary();
    const built = await stat(path);
    expect(basename(path)).toBe(name);
    expect(await binary()).toBe(path);
    expect((await stat(path)).mtimeMs).toBe(built.mtimeMs);
    expect(await readdir(dirname(path))).toEqual([name]);
    expect(spawnSync(path, ['--help']).status).toBe(0);
  });
});

describe('demoImage', () => {
  it('is an archive of its reference that runs the app as an unprivileged user', async () => {
    const { reference, tarPath } = await demoImage();
    expect(reference).toMatch(/^localhost\/headway-demo:[0-9a-f]{16}$/);
    const manifest: unknown = JSON.parse(await run('tar', ['-xOf', tarPath, 'manifest.json']));
    expect(manifest).toMatchObject([{ RepoTags: [reference], Config: expect.any(String) }]);
    const [{ Config: configName }] = manifest as [{ Config: string }];
    const image: unknown = JSON.parse(await run('tar', ['-xOf', tarPath, configName]));
    expect(image).toMatchObject({ os: 'linux', config: { User: '65532:65532', Entrypoint: ['/demo'] } });
  });
});
