// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { certificatesIn, isShipped } from './debian-base.ts';

describe('isShipped', () => {
  it.each([
    'lib/x86_64-linux-gnu/libc.so.6',
    'lib64/ld-linux-x86-64.so.2',
    'lib',
    'lib64',
    'usr/lib64/ld-linux-x86-64.so.2',
    'usr/lib/aarch64-linux-gnu/libatomic.so.1',
    'usr/lib/os-release',
    'etc/os-release',
    'usr/share/zoneinfo/Europe/Berlin',
    'usr/share/common-licenses/GPL-3',
    'usr/share/doc/libc6/copyright',
    'usr/share/doc/libatomic1',
  ])('takes %s', (path) => expect(isShipped(path)).toBe(true));

  it.each([
    'usr/sbin/update-ca-certificates',
    'bin/sh',
    'usr/bin/locale-check',
    'etc/update-motd.d/10-uname',
    'etc/profile.d/x.sh',
    'libexec/x',
    'usr/lib/x86_64-linux-gnu/gconv/UTF-16.so',
    'usr/share/zoneinfo/right/Europe/Berlin',
    'usr/share/doc/libc6/changelog.Debian.gz',
    'usr/share/doc/ca-certificates/examples/copyright',
    'usr/share/lintian/overrides/libc6',
    'usr/share/man/man8/x.8.gz',
  ])('leaves out %s', (path) => expect(isShipped(path)).toBe(false));
});

describe('certificatesIn', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'headway-certificates-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('says so when there are none: an image without them would trust nobody', () => {
    expect(() => certificatesIn(folder)).toThrow(`there are no certificates in ${folder}`);
    expect(() => certificatesIn(join(folder, 'nowhere'))).toThrow('there are no certificates');
  });

  it('has all of them in the order of their names, each on lines of its own', () => {
    for (const [file, text] of [
      ['mozilla/b.crt', 'B\n\n'],
      ['mozilla/a.crt', 'A'],
      ['README', 'no'],
    ] as const) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    expect(certificatesIn(folder)).toBe('A\nB\n');
  });
});
