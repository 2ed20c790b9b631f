// SPDX-License-Identifier: Apache-2.0
// node scripts/reference/generate.ts [--check]: writes docs/reference, a page for each kind, from its schema.
import { resolve } from 'node:path';
import { KINDS } from '../../operator/crd/kinds.ts';
import { generate } from '../generated/program.ts';
import { referencePage } from './page.ts';

generate({
  folder: resolve(import.meta.dirname, '../../docs/reference'),
  name: 'docs/reference',
  source: 'operator/api says',
  wanted: new Map(KINDS.map((kind) => [`${kind.singular}.md`, referencePage(kind)])),
  whole: ['.'],
});
