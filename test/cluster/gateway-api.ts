// SPDX-License-Identifier: Apache-2.0
import { installCrds, type ModuleCrds, removeCrds } from './module-crds.ts';
import type { Kubectl } from './established.ts';

/** The standard channel of the Gateway API that Traefik is built with; it also has an admission policy against downgrades. */
export const gatewayApi: ModuleCrds = {
  name: 'gateway-api',
  modulePath: 'sigs.k8s.io/gateway-api',
  part: 'traefik',
  folder: 'config/crd/standard',
  isWanted: () => true,
};

/** Installs the CRDs of the Gateway API, or does nothing where they are; resolves when they are served. */
export function installGatewayApi(kubectl: Kubectl): Promise<void> {
  return installCrds(kubectl, gatewayApi);
}

/** Removes the CRDs, and with them every object of their kinds; resolves when they are gone. */
export function removeGatewayApi(kubectl: Kubectl): Promise<void> {
  return removeCrds(kubectl, gatewayApi);
}
