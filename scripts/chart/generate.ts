// SPDX-License-Identifier: Apache-2.0
// node scripts/chart/generate.ts [--check]: writes the parts of the chart, and of deploy/, that are said in other places.
import { resolve } from 'node:path';
import { generate } from '../generated/program.ts';
import { generatedFiles, wholeFolders } from './files.ts';

const root = resolve(import.meta.dirname, '../..');

generate({
  folder: root,
  name: '',
  source: 'its source says',
  wanted: generatedFiles(root),
  whole: wholeFolders,
});
