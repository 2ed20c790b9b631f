// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { openProvider } from '../../cluster/cluster.ts';
import { waitUntilEstablished } from '../../cluster/established.ts';
import { serviceAccountKubeconfig } from '../../cluster/service-account.ts';
import type { Account } from '../audit/grants.ts';
import { rightsPath } from './deployed.ts';
import { applyObjects, kubectl } from './kubectl.ts';
import { metricsProvider } from './objects.ts';
import { clusterName, operatorAccount, root } from './world.ts';

const crds = ['bluegreens', 'canaries', 'analysistemplates', 'metricsproviders'].map(
  (plural) => `crd/${plural}.headway.dev`,
);

/**
 * Installs what a user installs: CRDs and the operator's role. Answers the path of a kubeconfig with the rights of
 * that role and no others, under which every operator of the tests runs.
 */
export async function installHeadway(): Promise<string> {
  await kubectl(['apply', '--server-side', '--force-conflicts', `--filename=${join(root, 'crds')}`]);
  await kubectl(['apply', '--server-side', `--filename=${rightsPath}`]);
  await waitUntilEstablished(kubectl, 30_000, crds);
  await applyObjects([metricsProvider]);
  return kubeconfigOf(operatorAccount);
}

/** The path of a kubeconfig with the rights of a ServiceAccount and no others. */
export async function kubeconfigOf({ namespace, name }: Account): Promise<string> {
  const provider = await openProvider('node');
  return serviceAccountKubeconfig(provider, clusterName(), { namespace, account: name });
}
