// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { imageIdOf, readArchive } from './archive.ts';
import { distributionOf } from './context.ts';
import { checkedTag } from './make-image.ts';

describe('checkedTag', () => {
  it.each(['localhost/headway:0.1.0', 'registry.example:5000/team/headway:v1_rc.1', 'headway:latest'])(
    'takes %s',
    (tag) => expect(checkedTag(tag)).toBe(tag),
  );

  it.each([
    '',
    'headway',
    'Headway:1',
    '-x:1',
    'a:b c',
    `a@sha256:${'0'.repeat(64)}`,
    '/a:1',
    `a:${'b'.repeat(129)}`,
  ])('refuses "%s"', (tag) =>
    expect(() => checkedTag(tag)).toThrow(`"${tag}" cannot name an image: registry.example/path/name:tag`),
  );
});

describe('distributionOf', () => {
  it.each([
    ['PRETTY_NAME="Debian"\nID=debian\nVERSION_ID="12"\n', 'debian-12'],
    ['ID=ubuntu\nVERSION_ID="24.04"\nID_LIKE=debian\n', 'ubuntu-24.04'],
    ['ID=debian\n', 'debian'],
  ])('of %j is %s', (text, expected) => {
    expect(distributionOf(text)).toBe(expected);
  });

  it('says so when there is none', () => {
    expect(() => distributionOf('NAME=x\n')).toThrow('os-release names no distribution');
  });
});

describe('readArchive', () => {
  const id = 'ab'.repeat(32);
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'headway-archive-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function archive(images: object[], config: object): string {
    mkdirSync(join(folder, 'content'), { recursive: true });
    writeFileSync(join(folder, 'content/manifest.json'), JSON.stringify(images));
    writeFileSync(join(folder, `content/${id}.json`), JSON.stringify({ config }));
    const path = join(folder, 'image.tar');
    execFileSync('tar', ['-cf', path, '-C', join(folder, 'content'), 'manifest.json', `${id}.json`]);
    return path;
  }

  const image = { Config: `${id}.json`, RepoTags: ['localhost/a:1'], Layers: ['x.tar', 'y.tar'] };

  it('says what a pod will run', async () => {
    const path = archive([image], { User: '65532:65532', Entrypoint: ['/a'], Labels: { b: 'c' } });
    expect(await readArchive(path)).toEqual({
      imageId: `sha256:${id}`,
      tags: ['localhost/a:1'],
      layers: ['x.tar', 'y.tar'],
      labels: { b: 'c' },
      user: '65532:65532',
      entrypoint: ['/a'],
    });
  });

  it('reads an image that says nothing', async () => {
    expect(await readArchive(archive([image], {}))).toMatchObject({ labels: {}, user: '', entrypoint: [] });
  });

  it.each([[[]], [[image, image]]])('refuses other than one image', async (images) => {
    await expect(readArchive(archive(images, {}))).rejects.toThrow('must hold one image');
  });
});

describe('imageIdOf', () => {
  const id = '0123456789abcdef'.repeat(4);
  it.each([`${id}.json`, `blobs/sha256/${id}`])('of %s is its hash', (file) => {
    expect(imageIdOf(file)).toBe(`sha256:${id}`);
  });

  it('refuses a config that is not named by its hash', () => {
    expect(() => imageIdOf('config.json')).toThrow(
      'the config "config.json" of an image is not named by its hash',
    );
  });
});
