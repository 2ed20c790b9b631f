// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { openProvider } from '../../cluster/cluster.ts';
import { waitUntilEstablished } from '../../cluster/established.ts';
import { serviceAccountKubeconfig } from '../../cluster/service-account.ts';
import { applyObjects, kubectl } from './kubectl.ts';
import { metricsProvider } from './objects.ts';
import { clusterName, operatorNamespace, root } from './world.ts';

const crds = ['bluegreens', 'canaries', 'analysistemplates', 'metricsproviders'].map(
  (plural) => `crd/${plural}.headway.dev`,
);

/**
 * Installs what a user installs: CRDs and the operator's role. Answers the path of a kubeconfig with the rights of
 * that role and no others, under which every operator of the tests runs.
 */
export async function installHeadway(): Promise<string> {
  await kubectl(['apply', '--server-side', '--force-conflicts', `--filename=${join(root, 'crds')}`]);
  await kubectl(['apply', '--server-side', `--filename=${join(root, 'deploy/rbac.yaml')}`]);
  await waitUntilEstablished(kubectl, 30_000, crds);
  await applyObjects([metricsProvider]);
  const provider = await openProvider('node');
  return serviceAccountKubeconfig(provider, clusterName(), {
    namespace: operatorNamespace,
    account: 'headway',
  });
}
