// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Metafile } from 'esbuild';

/** A package of npm of which at least a byte is in the bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** The SPDX expression of its package.json; empty where it says none. */
  readonly license: string;
  /** Of its tarball, as in package-lock.json; empty where that does not name it. */
  readonly integrity: string;
  /** In the bundle. */
  readonly bytes: number;
  /** Its licence and notice files, word by word. */
  readonly texts: readonly LicenceText[];
  /** Packages of the bundle that it imports, as `name@version`. */
  readonly uses: readonly string[];
}

export interface LicenceText {
  readonly file: string;
  readonly text: string;
}

export interface Contents {
  /** Bytes of what belongs to no package. */
  readonly ownBytes: number;
  /** Packages that Headway's own sources import, as `name@version`. */
  readonly ownUses: readonly string[];
  /** By name and version. */
  readonly packages: readonly BundledPackage[];
}

interface Found {
  bytes: number;
  readonly files: string[];
}

/** What is in an output of esbuild; paths in the metafile are relative to `root`, where package-lock.json is. */
export function bundledPackages(metafile: Metafile, outfile: string, root: string): Contents {
  const { own, folders } = sortFiles(metafile, outfile);
  const manifests = new Map([...folders.keys()].map((folder) => [folder, readManifest(root, folder)]));
  const usesOf = (files: readonly string[], self?: string): string[] =>
    usedBy(metafile, files)
      .filter((folder) => folder !== self)
      .flatMap((folder) => manifests.get(folder) ?? [])
      .map(labelOf);
  const integrityOf = readLockfile(root);
  const packages = [...folders].map(([folder, { bytes, files }]) => ({
    ...readManifest(root, folder),
    integrity: integrityOf(folder),
    bytes,
    texts: licenceTexts(root, folder, files),
    uses: usesOf(files, folder),
  }));
  return {
    ownBytes: own.bytes,
    ownUses: usesOf(own.files),
    packages: packages.toSorted((a, b) => compare(labelOf(a), labelOf(b))),
  };
}

/** The files of an output by the package that they are of. A file of which nothing is left is in none. */
function sortFiles(metafile: Metafile, outfile: string): { own: Found; folders: Map<string, Found> } {
  const output = metafile.outputs[outfile];
  if (output === undefined) throw new Error(`esbuild wrote no ${outfile}`);
  const own: Found = { bytes: 0, files: [] };
  const folders = new Map<string, Found>();
  for (const [file, { bytesInOutput }] of Object.entries(output.inputs)) {
    if (bytesInOutput === 0) continue;
    const folder = packageFolder(file);
    const found = folder === undefined ? own : (folders.get(folder) ?? { bytes: 0, files: [] });
    if (folder !== undefined) folders.set(folder, found);
    found.bytes += bytesInOutput;
    found.files.push(file);
  }
  return { own, folders };
}

function readLockfile(root: string): (folder: string) => string {
  const text = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(text) as { packages: Record<string, { integrity?: string }> };
  return (folder) => packages[folder]?.integrity ?? '';
}

/** `name@version`. */
export function labelOf({ name, version }: Pick<BundledPackage, 'name' | 'version'>): string {
  return `${name}@${version}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The folder of the package that a file is of, the innermost one; undefined for Headway's own files. */
export function packageFolder(file: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];
}

function readManifest(root: string, folder: string): Pick<BundledPackage, 'name' | 'version' | 'license'> {
  const manifest: unknown = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
  const { name, version, license = '' } = manifest as Record<string, unknown>;
  if (typeof name !== 'string' || typeof version !== 'string') {
    throw new Error(`${folder}/package.json has no name and version`);
  }
  return { name, version, license: typeof license === 'string' ? license : '' };
}

/** Folders of the packages that files import, each once, sorted. */
function usedBy(metafile: Metafile, files: readonly string[]): string[] {
  const imported = files.flatMap((file) => metafile.inputs[file]?.imports ?? []);
  const folders = imported.flatMap(({ path: file, external }) =>
    external ? [] : (packageFolder(file) ?? []),
  );
  return [...new Set(folders)].toSorted(compare);
}

/**
 * The licence and notice files of a package. Some packages have none: then what their bundled files say at their top,
 * which a bundler drops as a mere comment.
 */
function licenceTexts(root: string, folder: string, files: readonly string[]): LicenceText[] {
  const names = readdirSync(path.join(root, folder)).filter((name) =>
    /^(licen[cs]e|notice|copying)/i.test(name),
  );
  if (names.some((name) => !/^notice/i.test(name))) {
    return names.toSorted(compare).map((file) => ({ file, text: readText(root, folder, file) }));
  }
  const headers = new Set(files.flatMap((file) => headerOf(readText(root, file))));
  return [...headers]
    .map((text) => ({ file: 'at the top of its files', text }))
    .toSorted((a, b) => compare(a.text, b.text));
}

function readText(...parts: readonly string[]): string {
  return `${readFileSync(path.join(...parts), 'utf8').trim()}\n`;
}

/** The line comments with which a source begins, if they are about its copyright. */
export function headerOf(source: string): string[] {
  const [comment] = /^(?:\/\/.*\n)+/.exec(source) ?? [];
  if (comment === undefined || !/copyright/i.test(comment)) return [];
  return [comment.replaceAll(/^\/\/ ?/gm, '')];
}
