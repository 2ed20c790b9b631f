// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { missingPackages } from './packages.ts';

describe('missingPackages', () => {
  it.each([
    ['api', ['iproute2', 'openssl', 'procps']],
    [
      'node',
      [
        'iproute2',
        'openssl',
        'procps',
        'containerd',
        'runc',
        'nftables',
        'iptables',
        'conntrack',
        'buildah',
        'containernetworking-plugins',
      ],
    ],
  ] as const)('all on an empty machine: %s', (profile, packages) => {
    expect(missingPackages(profile, () => false)).toEqual(packages);
  });

  it('only what is not there, in either kind of folder', () => {
    const there = new Set(['/usr/sbin/ip', '/usr/bin/openssl', '/sbin/sysctl']);
    expect(missingPackages('api', (path) => there.has(path))).toEqual([]);
    there.delete('/usr/bin/openssl');
    expect(missingPackages('api', (path) => there.has(path))).toEqual(['openssl']);
  });
});
