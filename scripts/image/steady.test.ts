// SPDX-License-Identifier: Apache-2.0
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { folderHash, steady } from './steady.ts';
import { everythingIn } from './walk.ts';

const folders: string[] = [];
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headway-steady-'));
  folders.push(folder);
  fill(folder, 0o700);
});
afterAll(() => {
  for (const one of folders) rmSync(one, { recursive: true, force: true });
});

/** As somebody with a strict umask would make it, or with a loose one. */
function fill(target: string, mode: number): void {
  for (const dir of ['tmp', 'usr/tmp']) mkdirSync(join(target, dir), { recursive: true });
  writeFileSync(join(target, 'usr/text'), 'text');
  writeFileSync(join(target, 'usr/program'), 'program');
  symlinkSync('/nowhere', join(target, 'usr/link'));
  symlinkSync('..', join(target, 'usr/up'));
  chmodSync(join(target, 'usr/text'), mode & 0o666);
  chmodSync(join(target, 'usr/program'), mode);
  chmodSync(join(target, 'usr'), mode);
}

describe('everythingIn', () => {
  it('has what is in a directory before it, and follows no link', () => {
    const paths = everythingIn(folder).map((path) => relative(folder, path));
    expect(paths.toSorted()).toEqual([
      '',
      'tmp',
      'usr',
      'usr/link',
      'usr/program',
      'usr/text',
      'usr/tmp',
      'usr/up',
    ]);
    expect(paths.at(-1)).toBe('');
    expect(paths.indexOf('usr/text')).toBeLessThan(paths.indexOf('usr'));
  });
});

describe('steady', () => {
  it.each([
    ['tmp', 0o1777],
    ['usr', 0o755],
    ['usr/tmp', 0o755],
    ['usr/text', 0o644],
    ['usr/program', 0o755],
  ])('gives %s its mode', (path, mode) => {
    steady(folder);
    expect((lstatSync(join(folder, path)).mode & 0o7777).toString(8)).toBe(mode.toString(8));
  });

  it('sets all times to 1970, also of links that lead nowhere', () => {
    steady(folder);
    expect(everythingIn(folder).map((path) => lstatSync(path).mtimeMs)).toEqual(Array(8).fill(0));
  });

  it('makes the same of what another umask made', () => {
    const other = mkdtempSync(join(tmpdir(), 'headway-steady-'));
    folders.push(other);
    fill(other, 0o777);
    expect(folderHash(other)).not.toBe(folderHash(folder));
    for (const one of [folder, other]) steady(one);
    expect(folderHash(other)).toBe(folderHash(folder));
  });
});

describe('folderHash', () => {
  it.each<[string, () => void]>([
    ['content', () => writeFileSync(join(folder, 'usr/text'), 'texT')],
    ['mode', () => chmodSync(join(folder, 'usr/text'), 0o755)],
    ['name', () => mkdirSync(join(folder, 'var'))],
    [
      'target of a link',
      () => {
        rmSync(join(folder, 'usr/link'));
        symlinkSync('/elsewhere', join(folder, 'usr/link'));
      },
    ],
  ])('changes with the %s', (_, change) => {
    const before = folderHash(folder);
    expect(folderHash(folder)).toBe(before);
    change();
    expect(folderHash(folder)).not.toBe(before);
  });
});
