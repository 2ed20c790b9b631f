// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../../test/cluster/lock.ts';
import { ROOT } from '../bundle/make-bundle.ts';
import { type Archive, readArchive } from './archive.ts';
import { buildArchive } from './builders.ts';
import { prepareContext } from './context.ts';
import { epochSeconds } from './source.ts';
import { folderHash } from './steady.ts';

export interface ImageOptions {
  /** `debian`, or the reference of a distroless C base, with its digest where it has to stay the same. */
  readonly base?: string;
  /** Default `localhost/headway:VERSION`. */
  readonly tag?: string;
}

export interface OperatorImage extends Archive {
  readonly tag: string;
  /** The docker-archive. */
  readonly path: string;
  readonly bytes: number;
  readonly sbomPath: string;
  readonly revision: string;
  /** How it was made; absent when the archive of last time still holds this image. */
  readonly builder?: string;
}

/**
 * Bundles the operator and builds its image into dist/, unless the archive there was made of the same content. One at a
 * time; others of this checkout wait. Throws with the builder's last words.
 */
export function makeImage(options: ImageOptions = {}): Promise<OperatorImage> {
  return withLock(join(ROOT, 'build/image.lock'), async () => {
    const { base = 'debian' } = options;
    const { dir, version, revision, sbomPath } = await prepareContext(base);
    const tag = checkedTag(options.tag ?? `localhost/headway:${version}`);
    const path = join(ROOT, 'dist', `headway-${version}-linux-${process.arch}.tar`);
    const epoch = epochSeconds(process.env) ?? 0;
    const key = createHash('sha256')
      .update(`${tag}\0${epoch}\0${folderHash(dir)}`)
      .digest('hex');
    const isThere = existsSync(path) && readIfThere(`${path}.key`) === key;
    const built = isThere ? {} : { builder: await build(dir, tag, path, epoch) };
    writeFileSync(`${path}.key`, key);
    return {
      ...(await readArchive(path)),
      tag,
      path,
      bytes: statSync(path).size,
      sbomPath,
      revision,
      ...built,
    };
  });
}

async function build(contextDir: string, tag: string, path: string, epochSeconds: number): Promise<string> {
  const archive = `${path}.partial`;
  for (const old of [archive, `${path}.key`]) rmSync(old, { force: true });
  const builder = await buildArchive({
    contextDir,
    file: 'Dockerfile',
    tag,
    archive,
    layers: true,
    epochSeconds,
  });
  renameSync(archive, path);
  return builder;
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** An image reference with a tag and without a digest. */
export function checkedTag(tag: string): string {
  if (!/^[a-z0-9][a-z0-9._/:-]*:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(tag)) {
    throw new Error(`"${tag}" cannot name an image: registry.example/path/name:tag`);
  }
  return tag;
}
