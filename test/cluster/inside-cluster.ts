// SPDX-License-Identifier: Apache-2.0
import { text } from 'node:stream/consumers';
import type { ClusterProvider } from './types.ts';

export interface Outcome {
  /** The exit code; null when a signal ended the command. */
  code: number | null;
  output: string;
  errors: string;
}

/** Runs a command inside a cluster to its end, whatever that is. */
export async function outcomeInside(
  provider: ClusterProvider,
  cluster: string,
  command: readonly string[],
): Promise<Outcome> {
  const child = provider.exec(cluster, command, { stdio: ['ignore', 'pipe', 'pipe'] });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) {
    throw new Error(`${command[0]} has no pipes`);
  }
  const exit = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  const [output, errors, code] = await Promise.all([text(stdout), text(stderr), exit]);
  return { code, output, errors };
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
