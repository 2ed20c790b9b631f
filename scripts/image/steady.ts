// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, lutimesSync, readFileSync, readlinkSync } from 'node:fs';
import { relative } from 'node:path';
import { everythingIn } from './walk.ts';

const EXECUTABLE = 0o111;

/**
 * Makes a folder the same whatever the umask and the clock of whoever made it: what is executable is so for all, everything
 * can be read by all and written by its owner, /tmp by everybody, and all times are 1970.
 */
export function steady(root: string): void {
  for (const path of everythingIn(root)) {
    const stat = lstatSync(path);
    if (stat.isDirectory()) chmodSync(path, relative(root, path) === 'tmp' ? 0o1777 : 0o755);
    else if (stat.isFile()) chmodSync(path, (stat.mode & EXECUTABLE) === 0 ? 0o644 : 0o755);
    lutimesSync(path, 0, 0);
  }
}

/** A hash of all names, modes, contents and link targets in a folder, in hex. */
export function folderHash(root: string): string {
  const hash = createHash('sha256');
  for (const path of everythingIn(root).toSorted()) {
    const stat = lstatSync(path);
    const content = stat.isFile() ? readFileSync(path) : stat.isSymbolicLink() ? readlinkSync(path) : '';
    hash.update(`${relative(root, path)}\0${stat.mode}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
