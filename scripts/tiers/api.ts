// SPDX-License-Identifier: Apache-2.0
import { openProvider } from '../../test/cluster/cluster.ts';
import { programFolder } from '../../test/cluster/node/go-parts.ts';
import type { Counts } from './counts.ts';
import { jestEnvironment, root } from './environment.ts';
import { fileResults, runJest } from './jest.ts';

const cluster = 'api';

/** What needs a real API server and no pods. The cluster is this tier's own and ends with it. */
export async function api(): Promise<Counts> {
  // Here, where modules can be fetched; from inside the cluster's network they cannot.
  await programFolder('helm');
  const provider = await openProvider('node');
  await provider.up({ name: cluster, profile: 'api' });
  try {
    return await runJest({
      project: 'api',
      name: 'api',
      // One API server for all: tests that restart it must not meet others.
      args: ['--runInBand'],
      isShown: fileResults(),
      start: (command) =>
        provider.exec(cluster, command, {
          cwd: root,
          env: jestEnvironment({ HEADWAY_CLUSTER: cluster }),
          stdio: ['ignore', 'pipe', 'pipe'],
        }),
    });
  } finally {
    await provider.down(cluster);
  }
}
