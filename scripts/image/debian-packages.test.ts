// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { describeDeb, gccBaseIn, parseUris } from './debian-packages.ts';

const sha256 = '0123456789abcdef'.repeat(4);

describe('parseUris', () => {
  it('has a file and its hash of each line', () => {
    const output = `'http://deb.example/pool/main/g/glibc/libc6_2.36-9%2bdeb12u14_amd64.deb' libc6_2.36-9+deb12u14_amd64.deb 2759320 SHA256:${sha256}
'http://deb.example/pool/main/t/tzdata/tzdata_2026f_all.deb' tzdata_2026f_all.deb 307832 SHA256:${sha256}
`;
    expect(parseUris(output)).toEqual([
      { file: 'libc6_2.36-9+deb12u14_amd64.deb', sha256 },
      { file: 'tzdata_2026f_all.deb', sha256 },
    ]);
  });

  it.each([
    `'http://deb.example/a.deb' a_1_all.deb 1 SHA512:${sha256}`,
    `'http://deb.example/a.deb' a_1_all.deb 1 `,
    'E: something',
  ])('refuses %s', (line) => {
    expect(() => parseUris(line)).toThrow(`apt-get says no package with a SHA256: ${line}`);
  });
});

describe('describeDeb', () => {
  const gcc = 'GPL-3.0-or-later WITH GCC-exception-3.1';
  it.each([
    ['libc6_2.36-9+deb12u14_amd64.deb', ['libc6', '2.36-9+deb12u14', 'amd64', 'LGPL-2.1-or-later']],
    ['libstdc++6_12.2.0-14+deb12u1_arm64.deb', ['libstdc++6', '12.2.0-14+deb12u1', 'arm64', gcc]],
    ['gcc-14-base_14.2.0-19_amd64.deb', ['gcc-14-base', '14.2.0-19', 'amd64', gcc]],
    [
      'tzdata_1%3a2026f-0+deb12u1_all.deb',
      ['tzdata', '1:2026f-0+deb12u1', 'all', 'LicenseRef-public-domain'],
    ],
  ])('of %s', (file, expected) => {
    const { name, version, architecture, license } = describeDeb({ file, sha256 });
    expect([name, version, architecture, license]).toEqual(expected);
  });

  it('refuses a package of which nobody has looked at the licence', () => {
    expect(() => describeDeb({ file: 'bash_5.2-1_amd64.deb', sha256 })).toThrow(
      'no licence is known for the Debian package bash',
    );
  });
});

describe('gccBaseIn', () => {
  it('finds the package with the copyright, whatever the version of GCC', () => {
    expect(gccBaseIn('libatomic1\n  Depends: gcc-12-base\n  Depends: libc6\n')).toBe('gcc-12-base');
    expect(gccBaseIn('libatomic1\n  Depends: libc6\n  Depends: gcc-14-base\n')).toBe('gcc-14-base');
  });

  it('says so when there is none', () => {
    expect(() => gccBaseIn('libatomic1\n  Depends: libc6\n')).toThrow(
      'depends on no package with the copyright',
    );
  });
});
