// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { run, succeeds } from '../shell.ts';
import type { Profile } from '../types.ts';

interface Requirement {
  package: string;
  /** Any one of these files shows that it is there. */
  files: readonly string[];
}

function program(package_: string, name: string): Requirement {
  return {
    package: package_,
    files: ['/usr/bin/', '/usr/sbin/', '/bin/', '/sbin/'].map((dir) => dir + name),
  };
}

const forEveryCluster = [
  program('iproute2', 'ip'),
  program('openssl', 'openssl'),
  program('procps', 'sysctl'),
];

const forNodes = [
  program('containerd', 'containerd'),
  program('runc', 'runc'),
  program('nftables', 'nft'),
  program('iptables', 'iptables'),
  program('conntrack', 'conntrack'),
  program('buildah', 'buildah'),
  { package: 'containernetworking-plugins', files: ['/usr/lib/cni/ptp'] },
];

/** The Debian packages that a profile needs and the machine lacks. */
export function missingPackages(profile: Profile, exists: (path: string) => boolean = existsSync): string[] {
  const required = profile === 'node' ? [...forEveryCluster, ...forNodes] : forEveryCluster;
  return required.filter(({ files }) => !files.some((file) => exists(file))).map((one) => one.package);
}

/** Installs what is missing with apt-get; on a machine without it says what to install. */
export async function ensurePackages(profile: Profile): Promise<void> {
  const missing = missingPackages(profile);
  if (missing.length === 0) {
    return;
  }
  if (!existsSync('/usr/bin/apt-get')) {
    throw new Error(`the test cluster needs ${missing.join(', ')} (Debian's names); install them`);
  }
  console.error(`installing Debian packages: ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['apt-get', 'install', '--yes', '--no-install-recommends', ...missing];
  if (await succeeds('env', ['DEBIAN_FRONTEND=noninteractive', ...install])) {
    return;
  }
  // The lists of packages may be missing or old.
  await run('apt-get', ['update'], { env });
  await run('apt-get', install.slice(1), { env });
}
