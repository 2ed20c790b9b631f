// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { readArchive } from '../../scripts/image/archive.ts';
import type { ImageResults } from '../results.ts';

type Layer = ImageResults['layers'][number];

/** In the order of the Dockerfile. */
const NAMES: readonly Layer['name'][] = ['base', 'node', 'headway'];

/** The layers of the operator's archive, plain and compressed; throws when they are not those of the Dockerfile. */
export async function measureLayers(archive: string): Promise<Layer[]> {
  const { layers } = await readArchive(archive);
  if (layers.length !== NAMES.length) {
    throw new Error(`${archive} has ${layers.length} layers, not ${NAMES.join(', ')}`);
  }
  const sizes: Layer[] = [];
  for (const [index, name] of NAMES.entries()) {
    sizes.push({ name, ...(await sizesOf(archive, layers[index] ?? '')) });
  }
  return sizes;
}

async function sizesOf(archive: string, file: string): Promise<Pick<Layer, 'bytes' | 'gzipBytes'>> {
  const tar = spawn('tar', ['-xOf', archive, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(tar, 'exit');
  const sizes = await compressedSize(tar.stdout);
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`tar ended with ${code} on ${file} of ${archive}`);
  return sizes;
}

/** How many bytes a stream has, and how many gzip makes of them. */
export async function compressedSize(stream: Readable): Promise<Pick<Layer, 'bytes' | 'gzipBytes'>> {
  let bytes = 0;
  let gzipBytes = 0;
  stream.on('data', (chunk: Buffer) => (bytes += chunk.length));
  for await (const chunk of stream.pipe(createGzip())) gzipBytes += (chunk as Buffer).length;
  return { bytes, gzipBytes };
}
