// SPDX-License-Identifier: Apache-2.0
// node scripts/crd/generate.ts [--check]: writes crds/, a definition for each kind, from its schema.
import { resolve } from 'node:path';
import { crdFileName, renderCrd } from '../../operator/crd/definition.ts';
import { KINDS } from '../../operator/crd/kinds.ts';
import { generate } from '../generated/program.ts';

generate({
  folder: resolve(import.meta.dirname, '../../crds'),
  name: 'crds',
  source: 'operator/api says',
  wanted: new Map(KINDS.map((kind) => [crdFileName(kind), renderCrd(kind)])),
  whole: ['.'],
});
