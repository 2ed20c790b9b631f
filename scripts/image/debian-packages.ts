// SPDX-License-Identifier: Apache-2.0
// The Debian packages that an image needs: which ones, which version this machine's apt knows, and their files.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildOnce, cacheRoot } from '../../test/cluster/cache.ts';
import { run, succeeds } from '../../test/cluster/shell.ts';

/** What Node's binary needs, and nothing that could be run beside it. */
const WHOLE_BASE: readonly string[] = [
  'base-files', // first: later releases of Debian have links such as /lib in it; and the texts of the GPL and others
  'ca-certificates',
  'libatomic1',
  'libc6',
  'libgcc-s1',
  'libstdc++6',
  'tzdata',
];

/** What a distroless C base lacks: since version 25 Node needs libatomic (GoogleContainerTools/distroless#1981). */
const ON_DISTROLESS: readonly string[] = ['libatomic1'];

/** SPDX expressions; the word that counts is the copyright file, which is in the image. */
const LICENCES: Readonly<Record<string, string>> = {
  'base-files': 'GPL-2.0-or-later',
  'ca-certificates': 'MPL-2.0 AND GPL-2.0-or-later',
  libatomic1: 'GPL-3.0-or-later WITH GCC-exception-3.1',
  libc6: 'LGPL-2.1-or-later',
  'libgcc-s1': 'GPL-3.0-or-later WITH GCC-exception-3.1',
  'libstdc++6': 'GPL-3.0-or-later WITH GCC-exception-3.1',
  tzdata: 'LicenseRef-public-domain',
};
const GCC_BASE = /^gcc-\d+-base$/;

/** A file of a package, as apt names it. */
export interface DebFile {
  readonly file: string;
  readonly sha256: string;
}

export interface DebianPackage extends DebFile {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly license: string;
  /** Where the file is on this machine. */
  readonly path: string;
}

/** The packages of a base, in the order in which they are unpacked, with their files; from the cache where they are there. */
export async function debianPackages(base: 'debian' | 'distroless'): Promise<DebianPackage[]> {
  if (!(await succeeds('apt-get', ['--version']))) {
    throw new Error(
      'the base of the image is made of Debian packages: this needs apt-get and dpkg-deb (docs/image.md)',
    );
  }
  const names = base === 'debian' ? WHOLE_BASE : ON_DISTROLESS;
  try {
    return await findPackages(names);
  } catch (error) {
    // The lists may be missing, or so old that the mirror has other versions by now.
    if (!(await succeeds('apt-get', ['update']))) throw error;
    return findPackages(names);
  }
}

async function findPackages(names: readonly string[]): Promise<DebianPackage[]> {
  // The copyright of GCC's libraries is in a package of its own, named after its version.
  const dependencies = await run('apt-cache', ['depends', '--important', 'libatomic1']);
  const wanted = [...names, gccBaseIn(dependencies)];
  const uris = await run('apt-get', ['download', '--print-uris', ...wanted], { cwd: tmpdir() });
  const packages: DebianPackage[] = [];
  for (const deb of parseUris(uris)) packages.push({ ...describeDeb(deb), path: await fetchDeb(deb) });
  return inOrder(packages);
}

/** The package with GCC's copyright, of the output of apt-cache depends. */
export function gccBaseIn(depends: string): string {
  const found = [...depends.matchAll(/Depends: (\S+)/g)]
    .map(([, name = '']) => name)
    .find((name) => GCC_BASE.test(name));
  if (found === undefined)
    throw new Error(`libatomic1 depends on no package with the copyright of GCC:\n${depends}`);
  return found;
}

/** The lines of `apt-get download --print-uris`: address, file, size and hash. */
export function parseUris(output: string): DebFile[] {
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, file, sha256] = /^'[^']+' (\S+\.deb) \d+ SHA256:([0-9a-f]{64})$/.exec(line) ?? [];
      if (file === undefined || sha256 === undefined)
        throw new Error(`apt-get says no package with a SHA256: ${line}`);
      return { file, sha256 };
    });
}

/** Name, version and architecture are in the file's name, with the colon of an epoch as %3a. */
export function describeDeb({ file, sha256 }: DebFile): Omit<DebianPackage, 'path'> {
  const [name = '', version = '', architecture = ''] = decodeURIComponent(file.replace(/\.deb$/, '')).split(
    '_',
  );
  const license = GCC_BASE.test(name) ? 'GPL-3.0-or-later WITH GCC-exception-3.1' : LICENCES[name];
  if (license === undefined) throw new Error(`no licence is known for the Debian package ${name}`);
  return { file, sha256, name, version, architecture, license };
}

function inOrder(packages: readonly DebianPackage[]): DebianPackage[] {
  const rank = ({ name }: DebianPackage): number => WHOLE_BASE.indexOf(name);
  return packages.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

/** apt-get checks the hash of what it downloads, by the signed lists; what is in the cache is checked here. */
async function fetchDeb({ file, sha256 }: DebFile): Promise<string> {
  const [name = '', version = ''] = decodeURIComponent(file).split('_');
  const path = await buildOnce(
    join(cacheRoot(), 'debian', `${sha256.slice(0, 16)}-${file}`),
    async (temporary) => {
      mkdirSync(join(cacheRoot(), 'debian'), { recursive: true });
      const dir = mkdtempSync(join(cacheRoot(), 'debian', 'download-'));
      try {
        await run('apt-get', ['download', `${name}=${version}`], { cwd: dir });
        const [only = ''] = readdirSync(dir);
        renameSync(join(dir, only), temporary);
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
    },
  );
  const found = createHash('sha256').update(readFileSync(path)).digest('hex');
  if (found !== sha256)
    throw new Error(`${path} has the SHA256 ${found}, not ${sha256}: delete it and try again`);
  return path;
}
