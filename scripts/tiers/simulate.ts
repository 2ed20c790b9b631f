// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { follow } from './command.ts';
import type { Counts } from './counts.ts';
import { outputDir, root, toolEnvironment } from './environment.ts';

/** The same random stories on every machine that is fast enough for them; N= and SECONDS= ask for others. */
const N = '1500';
const SECONDS = '90';

/** Random stories on a modelled cluster with the real controllers; they count as one test. */
export async function simulate(): Promise<Counts> {
  const env = { N, SECONDS, ...toolEnvironment() };
  const child = spawn(process.execPath, ['test/simulation/main.ts'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const logPath = join(outputDir, 'simulation.log');
  const isShown = (line: string) => /^(simulated |SEED=)/.test(line);
  const { code, tail } = await follow(child, { title: 'simulation', logPath, isShown, progressMs: 20_000 });
  return code === 0
    ? { passed: 1, failed: 0, problems: [] }
    : {
        passed: 0,
        failed: 1,
        problems: [`the simulation broke a rule; all of it is in ${logPath}\n${tail}`],
      };
}
