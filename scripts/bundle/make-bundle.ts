// SPDX-License-Identifier: Apache-2.0
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { hashbang } from './launch.ts';
import { leaveOut } from './leave-out.ts';
import { licenceProblems, renderLicences } from './licences.ts';
import { type Contents, bundledPackages } from './packages.ts';

export const ROOT = path.resolve(import.meta.dirname, '../..');

/** Some dependencies are CommonJS and call require for Node's own modules; ESM has none. */
const REQUIRE_BANNER =
  "import { createRequire as headwayCreateRequire } from 'node:module'; const require = headwayCreateRequire(import.meta.url);";

interface BundleOptions {
  readonly entry: string;
  readonly outfile: string;
}

export interface Bundle extends Contents {
  readonly version: string;
}

/**
 * Writes one file that runs by itself, and beside it: its source map, the legal comments of the sources, and
 * `<outfile>.LICENSES.txt` with the licences of every package in it. Throws, with all reasons, when a package has none
 * that we may ship.
 */
export async function makeBundle({ entry, outfile }: BundleOptions): Promise<Bundle> {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  const { warnings, metafile } = await build({
    entryPoints: [entry],
    outfile,
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node26',
    banner: { js: `${hashbang()}\n${REQUIRE_BANNER}` },
    define: { HEADWAY_VERSION: JSON.stringify(version) },
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'linked',
    // Names stay for stack traces; the white space would cost 7 MB of resident memory as source text.
    minifyWhitespace: true,
    plugins: leaveOut(),
    metafile: true,
    logLevel: 'warning',
  });
  if (warnings.length > 0) throw new Error(`the bundle has ${warnings.length} warnings`);
  const contents = bundledPackages(metafile, path.relative(ROOT, outfile), ROOT);
  const problems = licenceProblems(contents.packages);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  writeFileSync(`${outfile}.LICENSES.txt`, renderLicences(contents.packages));
  chmodSync(outfile, 0o755);
  return { version, ...contents };
}
