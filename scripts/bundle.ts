// SPDX-License-Identifier: Apache-2.0
// One file out of a program and its dependencies, with the licences beside it; without --product the operator,
// dist/headway.mjs.
import { statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { makeBundle } from './bundle/make-bundle.ts';
import { productOf } from './bundle/products.ts';

const { values } = parseArgs({
  options: {
    product: { type: 'string', default: 'operator' },
    entry: { type: 'string' },
    outfile: { type: 'string' },
  },
});
const { product, ...paths } = values;
const startMs = performance.now();
const { version, outfile, ownBytes, packages } = await makeBundle({ product: productOf(product), ...paths });
const tookMs = Math.round(performance.now() - startMs);
console.log(
  `headway ${version}: ${path.relative(process.cwd(), outfile)}, ${kilobytes(statSync(outfile).size)}, ${tookMs} ms`,
);
const heaviest = [{ name: 'headway', bytes: ownBytes }, ...packages]
  .toSorted((a, b) => b.bytes - a.bytes)
  .slice(0, 5);
console.log(`most of it: ${heaviest.map(({ name, bytes }) => `${name} ${kilobytes(bytes)}`).join(', ')}`);

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000)} kB`;
}
