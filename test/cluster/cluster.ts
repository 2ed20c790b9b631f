// SPDX-License-Identifier: Apache-2.0
import { existingProvider } from './existing/provider.ts';
import { kindProvider } from './kind/provider.ts';
import { nodeProvider } from './node/provider.ts';
import { succeeds } from './shell.ts';
import type { ClusterProvider, ProviderName } from './types.ts';

const providers: Readonly<Record<ProviderName, ClusterProvider>> = {
  node: nodeProvider,
  kind: kindProvider,
  existing: existingProvider,
};

/**
 * The provider of a name; without one, `kind` where a container engine answers and kind is installed, else
 * `node`. `existing` is never chosen by itself: its cluster belongs to somebody.
 */
export async function openProvider(name?: string): Promise<ClusterProvider> {
  if (name === undefined) {
    return (await canUseKind()) ? kindProvider : nodeProvider;
  }
  if (name !== 'node' && name !== 'kind' && name !== 'existing') {
    throw new Error(`no provider "${name}"; there are ${Object.keys(providers).join(', ')}`);
  }
  return providers[name];
}

async function canUseKind(): Promise<boolean> {
  const hasEngine = (await succeeds('docker', ['info'])) || (await succeeds('podman', ['info']));
  return hasEngine && (await succeeds('kind', ['version']));
}
