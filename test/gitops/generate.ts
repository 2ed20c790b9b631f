// SPDX-License-Identifier: Apache-2.0
// node test/gitops/generate.ts [--check]: writes deploy/argocd from its scripts and from what the engine shows.
import { join } from 'node:path';
import { generate } from '../../scripts/generated/program.ts';
import { root } from '../docs/markdown.ts';
import { customizations } from './customizations.ts';

generate({
  folder: join(root, 'deploy/argocd'),
  name: 'deploy/argocd',
  source: 'deploy/argocd/lua and the engine say',
  wanted: await customizations(),
  whole: ['resource_customizations'],
});
