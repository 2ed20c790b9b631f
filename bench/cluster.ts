// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { openProvider } from '../test/cluster/cluster.ts';
import { waitUntilEstablished } from '../test/cluster/established.ts';
import { auditLogPath } from '../test/cluster/faults.ts';
import { runInside } from '../test/cluster/inside-cluster.ts';
import { serviceAccountKubeconfig } from '../test/cluster/service-account.ts';
import type { Profile } from '../test/cluster/types.ts';
import { loadVersions } from '../test/e2e/support/images.ts';
import { nullAccount, nullRights } from './null-objects.ts';
import { root } from './paths.ts';
import { operatorAccount, type Place } from './place.ts';
import { flowSchemas } from './request-counts.ts';
import { say } from './progress.ts';

const cluster = 'bench';

export interface BenchCluster {
  readonly place: Omit<Place, 'outPath' | 'image'>;
  /** Runs a program of Node inside the cluster's network to its end; throws when it fails. */
  run(program: string, args: readonly string[]): Promise<void>;
  loadImage(tarPath: string): Promise<void>;
  /** Makes the images of versions of the stories' shop known. */
  loadVersions(versions: readonly string[]): Promise<void>;
}

/** Starts the cluster `bench` with Headway's CRDs and rights in it, and ends it afterwards unless KEEP=1. */
export async function withCluster(
  profile: Profile,
  work: (cluster: BenchCluster) => Promise<void>,
): Promise<void> {
  const provider = await openProvider('node');
  say(`starting cluster "${cluster}", profile ${profile}`);
  await provider.down(cluster);
  try {
    await provider.up({ name: cluster, profile });
    await work(await prepare(provider));
  } finally {
    if (process.env['KEEP'] !== '1') await provider.down(cluster);
  }
}

async function prepare(provider: Awaited<ReturnType<typeof openProvider>>): Promise<BenchCluster> {
  const kubectl = (...args: string[]): Promise<string> => runInside(provider, cluster, ['kubectl', ...args]);
  const files = ['crds', 'deploy/rbac.yaml'].map((file) => `--filename=${join(root, file)}`);
  await kubectl('apply', '--server-side', ...files);
  const items = [...nullRights(), ...flowSchemas(operatorAccount)];
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  await runInside(provider, cluster, ['sh', '-c', 'echo "$0" | kubectl apply --filename=-', list]);
  await waitUntilEstablished((args) => kubectl(...args), 30_000, ['customresourcedefinitions']);
  const kubeconfigOf = ({ name, namespace }: { name: string; namespace: string }): Promise<string> =>
    serviceAccountKubeconfig(provider, cluster, { namespace, account: name });
  return {
    place: {
      operatorKubeconfig: await kubeconfigOf(operatorAccount),
      nullKubeconfig: await kubeconfigOf(nullAccount),
      auditLogPath: auditLogPath(cluster),
    },
    loadImage: (tarPath) => provider.loadImage(cluster, tarPath),
    loadVersions: (versions) => loadVersions(provider, cluster, versions),
    run: async (program, args) => {
      const child = provider.exec(cluster, [process.execPath, program, ...args], {
        cwd: root,
        env: { ...process.env, HEADWAY_CLUSTER: cluster },
      });
      const code = await new Promise<number | null>((resolve, reject) => {
        child.on('error', reject);
        child.on('exit', resolve);
      });
      if (code !== 0) throw new Error(`${program} ended with ${code}`);
    },
  };
}
