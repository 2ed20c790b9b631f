// SPDX-License-Identifier: Apache-2.0
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { run } from '../../test/cluster/shell.ts';
import type { DebianPackage } from './debian-packages.ts';
import { everythingIn } from './walk.ts';

/** What is taken from the packages: libraries, data and copyrights; no program, script or manual. */
const SHIPPED: readonly RegExp[] = [
  /^(usr\/)?lib(32|64)?(\/|$)/,
  /^etc\/(os-release|debian_version)$/,
  /^usr\/share\/(zoneinfo|common-licenses)\//,
  /^usr\/share\/doc\/[^/]+(\/copyright)?$/,
];
/** What Node never loads: it has its own character sets (ICU); and time zones that count leap seconds. */
const LEFT_OUT = /^(usr\/)?lib\/[^/]+\/(gconv|audit)\/|\/zoneinfo\/(posix|right)\//;

const CERTIFICATES = 'usr/share/ca-certificates';

/** As in a distroless image: `nonroot` is who everything runs as. */
const USERS: Readonly<Record<string, string>> = {
  'etc/passwd': `root:x:0:0:root:/root:/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin
nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin
`,
  'etc/group': `root:x:0:
nobody:x:65534:
nonroot:x:65532:
`,
  'etc/nsswitch.conf': `passwd: files
group: files
hosts: files dns
`,
};

/**
 * Unpacks packages into a folder: what runs, each one's copyright, and in var/lib/dpkg/status.d what it is, which is where
 * scanners look. With `whole` also users, the list of certificate authorities and an empty /tmp.
 */
export async function unpackBase(
  packages: readonly DebianPackage[],
  target: string,
  whole: boolean,
): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'headway-debian-'));
  try {
    for (const { path } of packages) await run('dpkg-deb', ['--extract', path, root]);
    copyShipped(root, target);
    for (const { name, path } of packages) {
      write(target, `var/lib/dpkg/status.d/${name}`, await run('dpkg-deb', ['--field', path]));
    }
    if (!whole) return;
    write(target, 'etc/ssl/certs/ca-certificates.crt', certificatesIn(join(root, CERTIFICATES)));
    for (const [file, text] of Object.entries(USERS)) write(target, file, text);
    for (const dir of ['tmp', 'home/nonroot']) mkdirSync(join(target, dir), { recursive: true });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Whether a file of a package, named from its root, is in the image. */
export function isShipped(path: string): boolean {
  return SHIPPED.some((pattern) => pattern.test(path)) && !LEFT_OUT.test(path);
}

function copyShipped(root: string, target: string): void {
  for (const source of everythingIn(root)) {
    const path = relative(root, source);
    const stat = lstatSync(source);
    if (stat.isDirectory() || !isShipped(path)) continue;
    mkdirSync(dirname(join(target, path)), { recursive: true });
    if (stat.isSymbolicLink()) symlinkSync(readlinkSync(source), join(target, path));
    else copyFileSync(source, join(target, path));
  }
}

/** All authorities that Debian trusts in one text, as update-ca-certificates writes it. */
export function certificatesIn(dir: string): string {
  const files = existsSync(dir) ? readdirSync(dir, { recursive: true, encoding: 'utf8' }) : [];
  const texts = files
    .filter((file) => file.endsWith('.crt'))
    .toSorted()
    .map((file) => `${readFileSync(join(dir, file), 'utf8').trim()}\n`);
  if (texts.length === 0) throw new Error(`there are no certificates in ${dir}`);
  return texts.join('');
}

function write(target: string, file: string, text: string): void {
  const path = join(target, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
