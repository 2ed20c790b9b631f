// SPDX-License-Identifier: Apache-2.0
import { isForbidden } from '../../operator/kube/errors.ts';
import { listAll } from '../../operator/kube/list-all.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { resources } from '../../operator/kube/resources.ts';
import type { Cluster } from '../cluster/connect.ts';
import { describeTrouble } from '../cluster/trouble.ts';

export const SELECTOR = 'app.kubernetes.io/name=headway';

/** Where the manifests put the operator, for who may not look everywhere. */
const NAMESPACE = 'headway-system';
const VERSION_LABEL = 'app.kubernetes.io/version';

/** A line for each operator, or one that says why none is known. */
export async function describeOperators({ client, context }: Cluster): Promise<string[]> {
  const options = { labelSelector: SELECTOR, timeoutMs: 5000 };
  try {
    const found = await listAll(client, resources.deployments, options).catch((error: unknown) => {
      if (!isForbidden(error)) throw error;
      return listAll(client, resources.deployments, { ...options, namespace: NAMESPACE });
    });
    if (found.length === 0) return [`not found: no Deployment has the label ${SELECTOR}`];
    return found.map(describe);
  } catch (error) {
    return [`not known: ${describeTrouble(error, context)}`];
  }
}

function describe(deployment: KubeObject): string {
  const { namespace, name, labels = {} } = deployment.metadata;
  return `${labels[VERSION_LABEL] ?? imageOf(deployment) ?? 'of no version'} (Deployment ${namespace}/${name})`;
}

interface PodSpecs {
  readonly template?: { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } };
}

function imageOf(deployment: KubeObject): string | undefined {
  const spec = deployment['spec'] as PodSpecs | undefined;
  return spec?.template?.spec?.containers?.[0]?.image;
}
