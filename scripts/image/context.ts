// SPDX-License-Identifier: Apache-2.0
// dist/image: everything that the operator's image is built from, as `docker build dist/image` takes it.
import { createHash } from 'node:crypto';
import { constants, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { imagePaths } from '../bundle/launch.ts';
import { type Bundle, makeBundle, ROOT } from '../bundle/make-bundle.ts';
import { PRODUCTS } from '../bundle/products.ts';
import { unpackBase } from './debian-base.ts';
import { debianPackages } from './debian-packages.ts';
import { launchProblems, withDefaults } from './dockerfile.ts';
import { type NodeBinary, renderSbom } from './sbom.ts';
import { readSource, type Source } from './source.ts';
import { steady } from './steady.ts';

export interface Context {
  readonly dir: string;
  readonly version: string;
  readonly revision: string;
  /** The bill of materials, which is in the image too. */
  readonly sbomPath: string;
}

const DIST = join(ROOT, 'dist');
const CONTEXT_DIR = join(DIST, 'image');
const SBOM = 'headway.cdx.json';

/**
 * Bundles the operator and fills dist/image. `base` is `debian`, or the reference of an image of which distroless' C base
 * is the model. Throws, with what to do, when a part is missing on this machine.
 */
export async function prepareContext(base: string): Promise<Context> {
  const bundle = await makeBundle({ product: PRODUCTS.operator });
  const source = await readSource(ROOT);
  rmSync(CONTEXT_DIR, { recursive: true, force: true });
  const node = addNode(join(CONTEXT_DIR, 'node'));
  const { packages: debian, distribution } = await addBase(join(CONTEXT_DIR, 'base'), base === 'debian');
  const sbomPath = join(DIST, SBOM);
  const baseImage = base === 'debian' ? {} : { baseImage: base };
  const { created, revision } = source;
  writeFileSync(sbomPath, renderSbom({ bundle, created, node, debian, distribution, ...baseImage }));
  addProgram(join(CONTEXT_DIR, 'headway'), bundle.outfile, sbomPath);
  for (const layer of ['base', 'node', 'headway']) steady(join(CONTEXT_DIR, layer));
  writeDockerfile(base, bundle, source);
  return { dir: CONTEXT_DIR, sbomPath, version: bundle.version, revision };
}

/** The Dockerfile with everything filled in that it has as an ARG. */
function writeDockerfile(base: string, { version, repository }: Bundle, source: Source): void {
  const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
  const problems = launchProblems(dockerfile);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const values = {
    BASE: base === 'debian' ? 'scratch' : base,
    VERSION: version,
    REVISION: source.revision,
    CREATED: source.created,
    SOURCE: repository,
  };
  writeFileSync(join(CONTEXT_DIR, 'Dockerfile'), withDefaults(dockerfile, values));
}

/** Node as the lockfile pins it, byte for byte, and its licences. */
function addNode(target: string): NodeBinary {
  const packageName = `node-linux-${process.arch}`;
  const folder = join(ROOT, 'node_modules', packageName);
  const binary = join(folder, 'bin/node');
  if (!existsSync(binary)) {
    throw new Error(
      `${packageName} is not in node_modules: npm install --no-save --os=linux --cpu=${process.arch}`,
    );
  }
  copy(binary, target, imagePaths.node);
  copy(join(folder, 'LICENSE'), target, `${imagePaths.nodeDocs}/LICENSE`);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const lockfile = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lockfile;
  return {
    version,
    packageName,
    integrity: lockfile.packages[`node_modules/${packageName}`]?.integrity ?? '',
    sha256: createHash('sha256').update(readFileSync(binary)).digest('hex'),
  };
}

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly integrity?: string }>>;
}

async function addBase(target: string, whole: boolean) {
  const packages = await debianPackages(whole ? 'debian' : 'distroless');
  await unpackBase(packages, target, whole);
  const osRelease = whole ? join(target, 'usr/lib/os-release') : '/etc/os-release';
  return { packages, distribution: distributionOf(readFileSync(osRelease, 'utf8')) };
}

/** `debian-12`, of an os-release file. */
export function distributionOf(osRelease: string): string {
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}="?([a-z0-9._-]+)"?$`, 'm').exec(osRelease)?.[1];
  const id = field('ID');
  const version = field('VERSION_ID');
  if (id === undefined) throw new Error(`os-release names no distribution:\n${osRelease}`);
  return version === undefined ? id : `${id}-${version}`;
}

function addProgram(target: string, outfile: string, sbomPath: string): void {
  for (const suffix of ['', '.map', '.LEGAL.txt']) {
    copy(`${outfile}${suffix}`, target, `${imagePaths.program}${suffix}`);
  }
  copy(`${outfile}.LICENSES.txt`, target, `${imagePaths.docs}/THIRD-PARTY-LICENSES.txt`);
  copy(join(ROOT, 'LICENSE'), target, `${imagePaths.docs}/LICENSE`);
  copy(sbomPath, target, `${imagePaths.docs}/${SBOM}`);
}

function copy(source: string, target: string, path: string): void {
  mkdirSync(dirname(join(target, path)), { recursive: true });
  copyFileSync(source, join(target, path), constants.COPYFILE_FICLONE);
}
