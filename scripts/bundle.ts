// SPDX-License-Identifier: Apache-2.0
// One file out of the operator and its dependencies: dist/headway.mjs, with a source map and the licences beside it.
import { statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT, makeBundle } from './bundle/make-bundle.ts';

const { values } = parseArgs({
  options: {
    entry: { type: 'string', default: path.join(ROOT, 'operator/main.ts') },
    outfile: { type: 'string', default: path.join(ROOT, 'dist/headway.mjs') },
  },
});
const outfile = path.resolve(values.outfile);
const startMs = performance.now();
const { version, ownBytes, packages } = await makeBundle({ entry: path.resolve(values.entry), outfile });
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
