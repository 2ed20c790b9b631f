// SPDX-License-Identifier: Apache-2.0
// The one way in which images are made here, the operator's own and those of the tests: a folder with a build file
// becomes a docker-archive, by whichever builder the machine has.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, succeeds } from '../../test/cluster/shell.ts';

/** In the order in which they are tried: the first leaves nothing on the machine but the archive. */
const BUILDERS = ['buildah', 'podman', 'docker'] as const;
export type Builder = (typeof BUILDERS)[number];

export interface ImageBuild {
  readonly contextDir: string;
  /** The build file in it. */
  readonly file: string;
  readonly tag: string;
  /** Where the docker-archive goes. */
  readonly archive: string;
  /** A layer for each instruction; else one for all of them. Docker always makes many. */
  readonly layers: boolean;
  /** The time of the image and, but with Docker, of all files in it, in seconds: the same folder gives the same image. */
  readonly epochSeconds: number;
}

interface Command {
  readonly program: Builder;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Whether a builder works here: docker and podman may be installed and have no engine that answers. */
const PROBES: Readonly<Record<Builder, readonly string[]>> = {
  buildah: ['--version'],
  podman: ['info'],
  docker: ['info'],
};

/** The builder of this machine; throws, with their names, when it has none. */
export async function findBuilder(works = succeeds): Promise<Builder> {
  for (const builder of BUILDERS) {
    if (await works(builder, PROBES[builder])) return builder;
  }
  throw new Error(`an image needs one of ${BUILDERS.join(', ')}; on Debian: apt-get install buildah`);
}

/** What is run, one after the other; `scratchDir` is empty and goes afterwards. */
export function buildCommands(builder: Builder, build: ImageBuild, scratchDir: string): Command[] {
  const { contextDir, file, tag, archive, layers, epochSeconds } = build;
  const source = ['--tag', tag, '--file', join(contextDir, file), contextDir];
  const steady = [`--timestamp=${epochSeconds}`, `--layers=${layers}`];
  switch (builder) {
    case 'buildah': {
      const storage = ['--storage-driver=vfs', `--root=${scratchDir}/storage`, `--runroot=${scratchDir}/run`];
      return [
        { program: builder, args: [...storage, 'bud', '--isolation=chroot', ...steady, ...source] },
        { program: builder, args: [...storage, 'push', tag, `docker-archive:${archive}:${tag}`] },
      ];
    }
    case 'podman':
      return [
        { program: builder, args: ['build', ...steady, ...source] },
        { program: builder, args: ['save', '--format=docker-archive', `--output=${archive}`, tag] },
      ];
    case 'docker': {
      const env = { SOURCE_DATE_EPOCH: String(epochSeconds), BUILDX_NO_DEFAULT_ATTESTATIONS: '1' };
      return [
        { program: builder, args: ['build', ...source], env },
        { program: builder, args: ['save', `--output=${archive}`, tag] },
      ];
    }
  }
}

/** Builds an image into an archive; throws with the builder's last words. */
export async function buildArchive(build: ImageBuild): Promise<Builder> {
  const builder = await findBuilder();
  const scratchDir = mkdtempSync(join(tmpdir(), 'headway-build-'));
  try {
    for (const { program, args, env } of buildCommands(builder, build, scratchDir)) {
      await run(program, args, { env: { ...process.env, ...env } });
    }
  } finally {
    rmSync(scratchDir, { recursive: true, force: true });
  }
  return builder;
}
