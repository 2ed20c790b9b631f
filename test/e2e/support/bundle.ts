// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { run } from '../../cluster/shell.ts';
import { root } from './world.ts';

/** Makes dist/headway.mjs, the operator as it is shipped; under a second. */
export async function bundleOperator(): Promise<void> {
  await run(process.execPath, [join(root, 'scripts/bundle.ts')], { cwd: root });
}
