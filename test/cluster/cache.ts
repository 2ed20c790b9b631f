// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { withLock } from './lock.ts';

/** The user's cache of built parts and images; every checkout on the machine shares it. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  const base = env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'headway');
}

/** A short name for a list of inputs; differs when any of them, or their order, differs. */
export function cacheKey(inputs: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const input of inputs) {
    hash.update(`${Buffer.byteLength(input)}:`).update(input);
  }
  return hash.digest('hex').slice(0, 16);
}

/** The files below a folder by relative path, sorted, with their contents: what a build reads. */
export function folderInputs(dir: string): (string | Buffer)[] {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.toSorted().flatMap((path) => [path.slice(dir.length), readFileSync(path)]);
}

/**
 * The path, which `build` makes first if it does not exist: under another name, renamed when complete. Only one
 * process builds; others wait for it.
 */
export async function buildOnce(path: string, build: (temporary: string) => Promise<void>): Promise<string> {
  if (existsSync(path)) {
    return path;
  }
  mkdirSync(dirname(path), { recursive: true });
  await withLock(`${path}.lock`, async () => {
    if (existsSync(path)) {
      return;
    }
    const temporary = `${path}.partial`;
    rmSync(temporary, { recursive: true, force: true });
    await build(temporary);
    renameSync(temporary, path);
  });
  return path;
}
