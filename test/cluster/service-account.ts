// SPDX-License-Identifier: Apache-2.0
import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { ClusterProvider } from './types.ts';

export interface ServiceAccountName {
  namespace: string;
  account: string;
}

/** A day: longer than any run. */
const tokenDuration = '24h';

const Kubeconfig = z.looseObject({
  clusters: z.array(z.looseObject({ name: z.string() })).min(1),
});

/**
 * Writes a kubeconfig that is a ServiceAccount, with nothing but the account's rights, and answers its path.
 * The ServiceAccount must exist.
 */
export async function serviceAccountKubeconfig(
  provider: ClusterProvider,
  cluster: string,
  { namespace, account }: ServiceAccountName,
): Promise<string> {
  const admin = await provider.kubeconfig(cluster, 'admin');
  const command = [
    'kubectl',
    'create',
    'token',
    account,
    `--namespace=${namespace}`,
    `--duration=${tokenDuration}`,
  ];
  const token = await outputOf(provider.exec(cluster, command, { stdio: ['ignore', 'pipe', 'pipe'] }));
  const config = withToken(readFileSync(admin, 'utf8'), `${namespace}/${account}`, token.trim());
  const path = join(dirname(admin), `${cluster}.${namespace}.${account}.yaml`);
  writeFileSync(path, config, { mode: 0o600 });
  return path;
}

/** A kubeconfig for the same cluster as `admin`, and nobody but the bearer of the token. */
export function withToken(admin: string, user: string, token: string): string {
  const { clusters } = Kubeconfig.parse(parse(admin));
  const cluster = clusters[0]?.name;
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: clusters.slice(0, 1),
    users: [{ name: user, user: { token } }],
    contexts: [{ name: cluster, context: { cluster, user } }],
    'current-context': cluster,
  });
}

async function outputOf(child: ChildProcess): Promise<string> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) {
    throw new Error('the process has no pipes');
  }
  const exit = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  const [output, problem, code] = await Promise.all([text(stdout), text(stderr), exit]);
  if (code !== 0) {
    throw new Error(`kubectl create token: ${problem.trim()}`);
  }
  return output;
}
