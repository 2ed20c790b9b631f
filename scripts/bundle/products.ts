// SPDX-License-Identifier: Apache-2.0
// The programs that are bundled, each into one file that runs by itself.
import type { BuildOptions } from 'esbuild';
import { hashbang } from './launch.ts';

export interface Product {
  readonly entry: string;
  readonly outfile: string;
  readonly hashbang: string;
  /** The first statements. */
  readonly banner: string;
  /** What differs from product to product. */
  readonly options: BuildOptions;
}

const MIN_NODE_MAJOR = 26;

/** What an older Node can read, so that it is told which one is needed. */
const OLD_NODE = 'node20';

export const PRODUCTS = {
  operator: {
    entry: 'operator/main.ts',
    outfile: 'dist/headway.mjs',
    hashbang: hashbang(),
    banner: '',
    options: {
      target: `node${MIN_NODE_MAJOR}`,
      sourcemap: 'linked',
      sourcesContent: false,
      legalComments: 'linked',
    },
  },
  /** kubectl finds a plugin by its name, which has no extension; Node finds out by itself that it is a module. */
  plugin: {
    entry: 'cli/main.ts',
    outfile: 'dist/kubectl-headway',
    hashbang: '#!/usr/bin/env node',
    banner: `if (Number(process.versions.node.split('.')[0]) < ${MIN_NODE_MAJOR}) { process.stderr.write('kubectl-headway needs Node ${MIN_NODE_MAJOR} or later; this is ' + process.versions.node + '\\n'); process.exit(5); }`,
    options: { target: OLD_NODE, sourcemap: false, legalComments: 'eof' },
  },
} as const satisfies Readonly<Record<string, Product>>;

/** The product of a name; throws with all names when there is none of it. */
export function productOf(name: string): Product {
  const found = Object.entries<Product>(PRODUCTS).find(([known]) => known === name);
  if (found === undefined) {
    throw new Error(`--product: must be ${Object.keys(PRODUCTS).join(' or ')}, not ${name}`);
  }
  return found[1];
}
