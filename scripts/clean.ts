// SPDX-License-Identifier: Apache-2.0
// Ends the clusters of this checkout and deletes what was built in it; the user's cache stays.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openProvider } from '../test/cluster/cluster.ts';
import { root } from './tiers/environment.ts';

const provider = await openProvider('node');
const clusters = join(root, 'build/cluster');
for (const name of existsSync(clusters) ? readdirSync(clusters) : []) {
  console.log(`ending cluster "${name}"`);
  await provider.down(name);
}
for (const folder of ['build', 'dist', 'coverage']) {
  rmSync(join(root, folder), { recursive: true, force: true });
}
