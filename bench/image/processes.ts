// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { environment, nodeFlags } from '../../scripts/bundle/launch.ts';
import { startOperator } from '../operator-process.ts';
import { spreadOf } from '../percentiles.ts';
import type { ImageResults } from '../results.ts';

/** Starts Node with nothing to do, and the bundle, in turn, so that whatever disturbs the machine disturbs both. */
export async function measureProcesses(kubeconfig: string, times: number): Promise<ImageResults['process']> {
  const node: number[] = [];
  const ready: number[] = [];
  for (let left = times; left > 0; left -= 1) {
    node.push(await emptyNodeMs());
    const operator = await startOperator({ form: 'bundle', kubeconfig });
    ready.push(operator.readyMs);
    await operator.stop();
  }
  return { node: spreadOf(node), ready: spreadOf(ready) };
}

async function emptyNodeMs(): Promise<number> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [...nodeFlags, '-e', '0'], {
    stdio: 'ignore',
    env: { ...process.env, ...environment },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`node -e 0 ended with ${code}`);
  return performance.now() - startedMs;
}
