// SPDX-License-Identifier: Apache-2.0
import { type Outcome, outcomeOfChild } from './shell.ts';
import type { ClusterProvider } from './types.ts';

/** Runs a command inside a cluster to its end, whatever that is. */
export function outcomeInside(
  provider: ClusterProvider,
  cluster: string,
  command: readonly string[],
): Promise<Outcome> {
  const child = provider.exec(cluster, command, { stdio: ['ignore', 'pipe', 'pipe'] });
  return outcomeOfChild(child, command[0] ?? '');
}

/** Runs a command inside a cluster and answers its output; throws with its errors when it fails. */
export async function runInside(
  provider: ClusterProvider,
  cluster: string,
  command: readonly string[],
): Promise<string> {
  const { code, output, errors } = await outcomeInside(provider, cluster, command);
  if (code !== 0) {
    throw new Error(`${command.join(' ')}: exit code ${code}\n${errors.trim()}`);
  }
  return output;
}
