// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildOnce, cacheRoot } from './cache.ts';
import { type Kubectl, waitUntilEstablished } from './established.ts';
import { run } from './shell.ts';

/** Folders with a go.mod that names the versions of modules, and a go.sum that names their content. */
const partsDir = join(import.meta.dirname, 'parts');

/** CRDs that a Go module carries. */
export interface ModuleCrds {
  /** For the folder that they are kept in. */
  readonly name: string;
  readonly modulePath: string;
  /** Of which of the parts the go.mod counts: the program that is built with the module. */
  readonly part: string;
  /** Where in the module their files are. */
  readonly folder: string;
  readonly isWanted: (file: string) => boolean;
  /** Names of the CRDs that are wanted of files with many; absent: all. */
  readonly names?: readonly string[];
}

/** The version of the module that the part requires, such as `v1.6.1`. */
export function moduleVersion(
  { modulePath, part }: Pick<ModuleCrds, 'modulePath' | 'part'>,
  goMod: string = readFileSync(join(partsDir, part, 'go.mod'), 'utf8'),
): string {
  const version = new RegExp(`^(?:require)?\\s*${modulePath} (v\\S+)`, 'm').exec(goMod)?.[1];
  if (version === undefined) {
    throw new Error(`${join(partsDir, part, 'go.mod')} does not require ${modulePath}`);
  }
  return version;
}

/** A folder with the CRDs, fetched once on this machine as Go modules are. */
export function crdsOf(crds: ModuleCrds): Promise<string> {
  const { name, modulePath, part, folder, isWanted, names } = crds;
  return buildOnce(join(cacheRoot(), 'parts', `${name}-${moduleVersion(crds)}`), async (kept) => {
    const { Dir } = JSON.parse(
      await run('go', ['mod', 'download', '-json', modulePath], { cwd: join(partsDir, part) }),
    ) as { Dir: string };
    const source = join(Dir, folder);
    const files = readdirSync(source).filter((file) => isWanted(file) && isCrd(join(source, file)));
    if (files.length === 0) {
      throw new Error(`${source} holds no CRD`);
    }
    mkdirSync(kept, { recursive: true });
    for (const file of files) {
      const text = readFileSync(join(source, file), 'utf8');
      writeFileSync(join(kept, file), names ? documentsNamed(text, names) : text);
    }
  });
}

/** Those documents of a YAML stream whose object has one of the names; throws where one is missing. */
export function documentsNamed(text: string, names: readonly string[]): string {
  const documents = text.split(/^---$/m);
  const found = names.map((name) => {
    const document = documents.find((one) => one.includes(`\n  name: ${name}\n`));
    if (document === undefined) throw new Error(`there is no ${name} in it`);
    return document.trim();
  });
  return `${found.join('\n---\n')}\n`;
}

function isCrd(path: string): boolean {
  return path.endsWith('.yaml') && readFileSync(path, 'utf8').includes('\nkind: CustomResourceDefinition\n');
}

/** Installs CRDs, or does nothing where they are; resolves when they are served. */
export async function installCrds(kubectl: Kubectl, crds: ModuleCrds): Promise<void> {
  const folder = await crdsOf(crds);
  await kubectl(['apply', '--server-side', `--filename=${folder}`]);
  await waitUntilEstablished(kubectl, 60_000, [`--filename=${folder}`]);
}

/** Removes CRDs, and with them every object of their kinds; resolves when they are gone. */
export async function removeCrds(kubectl: Kubectl, crds: ModuleCrds): Promise<void> {
  await kubectl(['delete', '--ignore-not-found', '--timeout=180s', `--filename=${await crdsOf(crds)}`]);
}
