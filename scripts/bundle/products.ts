// SPDX-License-Identifier: Apache-2.0
// The programs that are bundled, each into one file that runs by itself.
import type { BuildOptions } from 'esbuild';
import { hashbang } from './launch.ts';

export interface Product {
  readonly entry: string;
  readonly outfile: string;
  readonly hashbang: string;
  /** What differs from product to product. */
  readonly options: BuildOptions;
}

export const PRODUCTS = {
  operator: {
    entry: 'operator/main.ts',
    outfile: 'dist/headway.mjs',
    hashbang: hashbang(),
    options: {
      target: 'node26',
      sourcemap: 'linked',
      sourcesContent: false,
      legalComments: 'linked',
    },
  },
} as const satisfies Readonly<Record<string, Product>>;
