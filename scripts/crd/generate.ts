// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { crdFileName, renderCrd } from './definition.ts';
import { KINDS } from './kinds.ts';

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    dir: { type: 'string', default: resolve(import.meta.dirname, '../../crds') },
  },
});

const wanted = new Map(KINDS.map((kind) => [crdFileName(kind), renderCrd(kind)]));
const found = new Map(
  readdirSync(values.dir)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => [file, readFileSync(join(values.dir, file), 'utf8')]),
);
const changed = [...wanted.keys()].filter((file) => wanted.get(file) !== found.get(file));
const foreign = [...found.keys()].filter((file) => !wanted.has(file));

if (values.check) reportDrift();
else writeChanged();
for (const file of foreign) {
  console.error(`crds/${file} belongs to no kind; delete it`);
  process.exitCode = 1;
}

function reportDrift(): void {
  for (const file of changed) {
    console.error(`crds/${file} is not what operator/api says; run: npm run generate`);
    process.exitCode = 1;
  }
}

function writeChanged(): void {
  for (const file of changed) {
    writeFileSync(join(values.dir, file), wanted.get(file) ?? '');
    console.log(`crds/${file} written`);
  }
  if (changed.length === 0) console.log('crds/ is up to date');
}
