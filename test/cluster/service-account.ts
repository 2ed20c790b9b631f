// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { runInside } from './inside-cluster.ts';
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
  const token = await runInside(provider, cluster, command);
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
