// SPDX-License-Identifier: Apache-2.0
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildOnce, cacheRoot } from './cache.ts';
import { run } from './shell.ts';

/** What Traefik is built with: its go.mod names the versions of modules, its go.sum their content. */
const moduleDir = join(import.meta.dirname, 'parts/traefik');

/** CRDs that a Go module carries. */
export interface ModuleCrds {
  /** For the folder that they are kept in. */
  readonly name: string;
  readonly modulePath: string;
  /** Where in the module their files are, one CRD each. */
  readonly folder: string;
  readonly isWanted: (file: string) => boolean;
}

/** The version of a module that Traefik is built with, such as `v1.6.1`. */
export function moduleVersion(
  modulePath: string,
  goMod: string = readFileSync(join(moduleDir, 'go.mod'), 'utf8'),
): string {
  const version = new RegExp(`^\\s*${modulePath} (v\\S+)`, 'm').exec(goMod)?.[1];
  if (version === undefined) {
    throw new Error(`${join(moduleDir, 'go.mod')} does not require ${modulePath}`);
  }
  return version;
}

/** A folder with the CRDs, fetched once on this machine as Go modules are. */
export function crdsOf({ name, modulePath, folder, isWanted }: ModuleCrds): Promise<string> {
  return buildOnce(join(cacheRoot(), 'parts', `${name}-${moduleVersion(modulePath)}`), async (kept) => {
    const { Dir } = JSON.parse(
      await run('go', ['mod', 'download', '-json', modulePath], { cwd: moduleDir }),
    ) as { Dir: string };
    const source = join(Dir, folder);
    const files = readdirSync(source).filter((file) => isWanted(file) && isCrd(join(source, file)));
    if (files.length === 0) {
      throw new Error(`${source} holds no CRD`);
    }
    mkdirSync(kept, { recursive: true });
    for (const file of files) {
      copyFileSync(join(source, file), join(kept, file));
    }
  });
}

function isCrd(path: string): boolean {
  return path.endsWith('.yaml') && readFileSync(path, 'utf8').includes('\nkind: CustomResourceDefinition\n');
}

/** Runs kubectl with these arguments as the administrator of a cluster. */
export type Kubectl = (args: readonly string[]) => Promise<unknown>;

/** Installs CRDs, or does nothing where they are; resolves when they are served. */
export async function installCrds(kubectl: Kubectl, crds: ModuleCrds): Promise<void> {
  const folder = await crdsOf(crds);
  await kubectl(['apply', '--server-side', `--filename=${folder}`]);
  await kubectl(['wait', '--for=condition=Established', '--timeout=60s', `--filename=${folder}`]);
}

/** Removes CRDs, and with them every object of their kinds; resolves when they are gone. */
export async function removeCrds(kubectl: Kubectl, crds: ModuleCrds): Promise<void> {
  await kubectl(['delete', '--ignore-not-found', '--timeout=60s', `--filename=${await crdsOf(crds)}`]);
}
