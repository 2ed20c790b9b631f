// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compressedSize, measureLayers } from './sizes.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headway-sizes-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An archive whose layers are zeros. */
function archive(sizes: readonly number[]): string {
  const config = `${'0'.repeat(64)}.json`;
  const layers = sizes.map((_, index) => `layer-${index}.tar`);
  for (const [index, size] of sizes.entries())
    writeFileSync(join(folder, `layer-${index}.tar`), Buffer.alloc(size));
  writeFileSync(join(folder, config), '{"config":{}}');
  writeFileSync(
    join(folder, 'manifest.json'),
    JSON.stringify([{ Config: config, RepoTags: ['localhost/headway:1'], Layers: layers }]),
  );
  const path = join(folder, 'image.tar');
  execFileSync('tar', ['-cf', path, '-C', folder, 'manifest.json', config, ...layers]);
  return path;
}

describe('compressedSize', () => {
  it('counts what goes in and what comes out', async () => {
    const zeros = await compressedSize(Readable.from([Buffer.alloc(60_000), Buffer.alloc(40_000)]));
    expect(zeros.bytes).toBe(100_000);
    expect(zeros.gzipBytes).toBeGreaterThan(20);
    expect(zeros.gzipBytes).toBeLessThan(1_000);
  });
});

describe('measureLayers', () => {
  it('names the layers in the order of the Dockerfile', async () => {
    const layers = await measureLayers(archive([100_000, 300_000, 200_000]));
    expect(layers.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['base', 100_000],
      ['node', 300_000],
      ['headway', 200_000],
    ]);
    for (const { gzipBytes, bytes } of layers) expect(gzipBytes).toBeLessThan(bytes / 10);
  });

  it('refuses an image of another Dockerfile', async () => {
    const path = archive([1, 2]);
    await expect(measureLayers(path)).rejects.toThrow(`${path} has 2 layers, not base, node, headway`);
  });
});
