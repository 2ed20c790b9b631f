// SPDX-License-Identifier: Apache-2.0
// node scripts/reference/generate.ts [--check]: writes docs/reference, a page for each kind, from its schema.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { KINDS } from '../../operator/crd/kinds.ts';
import { referencePage } from './page.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const folder = resolve(import.meta.dirname, '../../docs/reference');
const wanted = new Map(KINDS.map((kind) => [`${kind.singular}.md`, referencePage(kind)]));

mkdirSync(folder, { recursive: true });
for (const [name, text] of wanted) {
  const path = join(folder, name);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  if (values.check) complain(`docs/reference/${name} is not what operator/api says; run: make generate`);
  else {
    writeFileSync(path, text);
    console.log(`docs/reference/${name} written`);
  }
}
for (const name of readdirSync(folder)) {
  if (!wanted.has(name)) complain(`docs/reference/${name} belongs to no kind; delete it`);
}

function complain(sentence: string): void {
  console.error(sentence);
  process.exitCode = 1;
}
