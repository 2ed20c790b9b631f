// SPDX-License-Identifier: Apache-2.0
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { leaveOut } from './leave-out.ts';
import { licenceProblems, renderLicences } from './licences.ts';
import { type Contents, bundledPackages } from './packages.ts';
import type { Product } from './products.ts';

export const ROOT = path.resolve(import.meta.dirname, '../..');

/** Some dependencies are CommonJS and call require for Node's own modules; ESM has none. */
const REQUIRE_BANNER =
  "import { createRequire as headwayCreateRequire } from 'node:module'; const require = headwayCreateRequire(import.meta.url);";

interface BundleOptions {
  readonly product: Product;
  /** Instead of the product's own. */
  readonly entry?: string | undefined;
  readonly outfile?: string | undefined;
}

export interface Bundle extends Contents {
  readonly version: string;
  readonly repository: string;
  readonly outfile: string;
}

/**
 * Writes one file that runs by itself, and beside it what the product asks for, and `<outfile>.LICENSES.txt` with the
 * licences of every package in it. Throws, with all reasons, when a package has none that we may ship.
 */
export async function makeBundle({ product, ...paths }: BundleOptions): Promise<Bundle> {
  const outfile = path.resolve(paths.outfile ?? path.join(ROOT, product.outfile));
  const { version, repository } = readManifest();
  const { warnings, metafile } = await build({
    entryPoints: [path.resolve(paths.entry ?? path.join(ROOT, product.entry))],
    outfile,
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: `${product.hashbang}\n${REQUIRE_BANNER}${product.banner}` },
    define: { HEADWAY_VERSION: JSON.stringify(version) },
    // Names stay for stack traces; the white space would cost 7 MB of resident memory as source text.
    minifyWhitespace: true,
    plugins: leaveOut(),
    ...product.options,
    metafile: true,
    logLevel: 'warning',
  });
  if (warnings.length > 0) throw new Error(`the bundle has ${warnings.length} warnings`);
  const contents = bundledPackages(metafile, path.relative(ROOT, outfile), ROOT);
  const problems = licenceProblems(contents.packages);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  writeFileSync(`${outfile}.LICENSES.txt`, renderLicences(contents.packages));
  chmodSync(outfile, 0o755);
  return { version, repository, outfile, ...contents };
}

function readManifest(): { version: string; repository: string } {
  const text = readFileSync(path.join(ROOT, 'package.json'), 'utf8');
  return JSON.parse(text) as { version: string; repository: string };
}
