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

export const PRODUCTS = {
  operator: {
    entry: 'operator/main.ts',
    outfile: 'dist/headway.mjs',
    hashbang: hashbang(),
    banner: '',
    options: {
      target: 'node26',
      sourcemap: 'linked',
      sourcesContent: false,
      legalComments: 'linked',
    },
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
