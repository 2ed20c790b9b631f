// SPDX-License-Identifier: Apache-2.0
// Writes deploy/argocd; with --check says what of it is not as it would be written.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../docs/markdown.ts';
import { customizations } from './customizations.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const folder = join(root, 'deploy/argocd');

const wanted = await customizations();
const changed = [...wanted].filter(([path, text]) => read(path) !== text);
const foreign = filesIn('resource_customizations').filter((path) => !wanted.has(path));

for (const [path, text] of changed) {
  if (values.check)
    complain(`deploy/argocd/${path} is not what deploy/argocd/lua and the engine say; run: make generate`);
  else write(path, text);
}
for (const path of foreign) complain(`deploy/argocd/${path} belongs to nothing; delete it`);
if (!values.check && changed.length === 0) console.log('deploy/argocd is up to date');

function read(path: string): string | undefined {
  const file = join(folder, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  console.log(`deploy/argocd/${path} written`);
}

function filesIn(part: string): string[] {
  if (!existsSync(join(folder, part))) return [];
  return readdirSync(join(folder, part), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

function complain(problem: string): void {
  console.error(problem);
  process.exitCode = 1;
}
