// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { type Builder, buildCommands, findBuilder, type ImageBuild } from './builders.ts';

const build: ImageBuild = {
  contextDir: '/context',
  file: 'Dockerfile',
  tag: 'localhost/a:1',
  archive: '/out/a.tar',
  layers: true,
  epochSeconds: 7,
};

function lines(builder: Builder, wanted: ImageBuild = build): string[] {
  return buildCommands(builder, wanted, '/scratch').map(({ program, args, env = {} }) =>
    [...Object.entries(env).map(([name, value]) => `${name}=${value}`), program, ...args].join(' '),
  );
}

describe('buildCommands', () => {
  const source = '--tag localhost/a:1 --file /context/Dockerfile /context';

  it.each<[Builder, string[]]>([
    [
      'buildah',
      [
        `buildah --storage-driver=vfs --root=/scratch/storage --runroot=/scratch/run bud --isolation=chroot --timestamp=7 --layers=true ${source}`,
        'buildah --storage-driver=vfs --root=/scratch/storage --runroot=/scratch/run push localhost/a:1 docker-archive:/out/a.tar:localhost/a:1',
      ],
    ],
    [
      'podman',
      [
        `podman build --timestamp=7 --layers=true ${source}`,
        'podman save --format=docker-archive --output=/out/a.tar localhost/a:1',
      ],
    ],
    [
      'docker',
      [
        `SOURCE_DATE_EPOCH=7 BUILDX_NO_DEFAULT_ATTESTATIONS=1 docker build ${source}`,
        'docker save --output=/out/a.tar localhost/a:1',
      ],
    ],
  ])('%s', (builder, expected) => {
    expect(lines(builder)).toEqual(expected);
  });

  it('makes one layer where that is wanted', () => {
    expect(lines('buildah', { ...build, layers: false })[0]).toContain('--layers=false');
  });
});

describe('findBuilder', () => {
  it.each<[string[], Builder]>([
    [['docker', 'buildah', 'podman'], 'buildah'],
    [['docker', 'podman'], 'podman'],
    [['docker'], 'docker'],
  ])('of %s takes %s', async (working, expected) => {
    expect(await findBuilder((program) => Promise.resolve(working.includes(program)))).toBe(expected);
  });

  it('asks engines whether they answer, not whether they are installed', async () => {
    const asked: string[] = [];
    const finding = findBuilder((program, args) => {
      asked.push([program, ...args].join(' '));
      return Promise.resolve(false);
    });
    await expect(finding).rejects.toThrow('an image needs one of buildah, podman, docker');
    expect(asked).toEqual(['buildah --version', 'podman info', 'docker info']);
  });
});
