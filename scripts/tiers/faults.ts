// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openProvider } from '../../test/cluster/cluster.ts';
import { follow } from './command.ts';
import { addCounts, type Counts, countJest } from './counts.ts';
import { jestEnvironment, outputDir, root } from './environment.ts';

const cluster = 'faults';
const reportPath = join(outputDir, 'faults.json');

/** Faults between the operator and a real API server. `ROW=F27` runs some, `KEEP=1` keeps the cluster. */
export async function faults(): Promise<Counts> {
  rmSync(reportPath, { force: true });
  const provider = await openProvider('node');
  await provider.up({ name: cluster, profile: 'api' });
  try {
    const { ROW: row = '' } = process.env;
    const command = [process.execPath, 'test/faults/main.ts', ...(row === '' ? [] : [row])];
    const child = provider.exec(cluster, command, {
      cwd: root,
      env: jestEnvironment({ HEADWAY_CLUSTER: cluster, NODE_OPTIONS: '' }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { code, tail } = await follow(child, {
      title: 'faults',
      logPath: join(outputDir, 'faults-main.log'),
      isShown: () => true,
      progressMs: 0,
    });
    return verdict(code, tail);
  } finally {
    if (process.env['KEEP'] !== '1') await provider.down(cluster);
  }
}

/** What is wrong outside of the rows, such as a stray write, is one failure more. */
function verdict(code: number, tail: string): Counts {
  const counts = existsSync(reportPath)
    ? countJest(readFileSync(reportPath, 'utf8'))
    : { passed: 0, failed: 0, problems: [] };
  if (code === 0 || counts.failed > 0) return counts;
  const problem = `test/faults/main.ts ended with ${code}\n${tail}`;
  return addCounts([counts, { passed: 0, failed: 1, problems: [problem] }]);
}
