// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildArchive } from '../../scripts/image/builders.ts';
import { buildOnce, cacheKey, cacheRoot, folderInputs } from './cache.ts';
import { run } from './shell.ts';

export interface ImageSpec {
  /** `localhost/name:tag`; pods name it so, with `imagePullPolicy: Never`. */
  tag: string;
  /** The folder whose whole content becomes the image's root. */
  contextDir: string;
  /** Program and arguments, as paths in the image. */
  entrypoint: readonly string[];
  ports?: readonly number[];
  env?: Readonly<Record<string, string>>;
}

const tagPattern = /^localhost\/([a-z0-9][a-z0-9._-]*):([A-Za-z0-9_][A-Za-z0-9._-]*)$/;
/** The user of every image: nobody on the machine, and not root. */
const user = '65532:65532';

/** Builds an image from an empty base; answers the path of its docker-archive, cached by content. */
export async function buildImage(spec: ImageSpec): Promise<string> {
  const containerfile = renderContainerfile(spec);
  const key = cacheKey([spec.tag, containerfile, ...folderInputs(spec.contextDir)]);
  return buildOnce(archivePath(spec.tag, key), (archive) => build(spec, containerfile, archive));
}

/** Builds a folder with a Go main package, statically, into an image that runs it; cached by its sources. */
export async function buildGoImage(dir: string, tag: string): Promise<string> {
  const version = await run('go', ['version']);
  const key = cacheKey([tag, version, ...folderInputs(dir)]);
  return buildOnce(archivePath(tag, key), (archive) =>
    inTemporaryFolder(async (contextDir) => {
      const flags = ['-trimpath', '-buildvcs=false', '-ldflags', '-s -w'];
      await run('go', ['build', ...flags, '-o', join(contextDir, 'app'), '.'], {
        cwd: dir,
        env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' },
      });
      const spec = { tag, contextDir, entrypoint: ['/app'] };
      await build(spec, renderContainerfile(spec), archive);
    }),
  );
}

function archivePath(tag: string, key: string): string {
  const [, name, version] = tagPattern.exec(tag) ?? [];
  if (name === undefined) {
    throw new Error(`"${tag}" cannot name an image: localhost/name:tag`);
  }
  return join(cacheRoot(), 'images', `${name}-${version}-${key}.tar`);
}

/** The build file of an image. */
export function renderContainerfile(spec: ImageSpec): string {
  const lines = [
    'FROM scratch',
    'COPY root /',
    ...Object.entries(spec.env ?? {}).map(([name, value]) => `ENV ${name}=${JSON.stringify(value)}`),
    ...(spec.ports ?? []).map((port) => `EXPOSE ${port}`),
    `USER ${user}`,
    `ENTRYPOINT ${JSON.stringify(spec.entrypoint)}`,
  ];
  return `${lines.join('\n')}\n`;
}

async function build(spec: ImageSpec, containerfile: string, archive: string): Promise<void> {
  await inTemporaryFolder(async (contextDir) => {
    cpSync(spec.contextDir, join(contextDir, 'root'), { recursive: true });
    writeFileSync(join(contextDir, 'Containerfile'), containerfile);
    const { tag } = spec;
    await buildArchive({ contextDir, file: 'Containerfile', tag, archive, layers: false, epochSeconds: 0 });
  });
}

async function inTemporaryFolder(action: (dir: string) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'headway-image-'));
  try {
    await action(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
