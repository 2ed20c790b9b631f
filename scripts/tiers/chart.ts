// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { programFolder } from '../../test/cluster/node/go-parts.ts';
import type { Counts } from './counts.ts';
import { jestEnvironment, root } from './environment.ts';
import { fileResults, runJest } from './jest.ts';

/** The chart as Helm renders it, and its alerts as Prometheus reads them. Needs no cluster. */
export async function chart(): Promise<Counts> {
  // Here, where building them is told; a test would wait for them in silence.
  for (const part of ['helm', 'prometheus']) await programFolder(part);
  return runJest({
    project: 'chart',
    name: 'chart',
    args: ['--maxWorkers=2', '--testTimeout=60000'],
    isShown: fileResults(),
    start: ([program = '', ...args]) =>
      spawn(program, args, { cwd: root, env: jestEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] }),
  });
}
