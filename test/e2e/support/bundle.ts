// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { run } from '../../cluster/shell.ts';
import { root } from './world.ts';

/** Makes dist/headway.mjs, the operator as it is shipped; under a second. */
export async function bundleOperator(): Promise<void> {
  await bundle('operator');
}

/** Makes dist/kubectl-headway, the plugin as it is shipped. */
export async function bundlePlugin(): Promise<void> {
  await bundle('plugin');
}

async function bundle(product: 'operator' | 'plugin'): Promise<void> {
  await run(process.execPath, [join(root, 'scripts/bundle.ts'), `--product=${product}`], { cwd: root });
}
