// SPDX-License-Identifier: Apache-2.0
import { resources } from '../../operator/kube/resources.ts';
import { bundleOperator } from '../e2e/support/bundle.ts';
import { installHeadway } from '../e2e/support/install.ts';
import { metricsProvider } from '../e2e/support/objects.ts';
import { type Operator, startOperator } from '../e2e/support/operator.ts';
import { admin } from '../e2e/support/world.ts';

/** The operator as it is shipped, beside this API server. Names and ports differ for those that run side by side. */
export async function openOperator(name: string, port: number): Promise<Operator> {
  await bundleOperator();
  return startOperator({ name, kubeconfig: await installHeadway(), port });
}

/** Ends it, takes away what it needed of the whole cluster, and answers its exit code. */
export async function closeOperator(operator: Operator): Promise<number | null> {
  const code = await operator.stop('SIGTERM');
  await admin().delete(resources.metricsProviders, { name: metricsProvider.metadata.name });
  return code;
}
