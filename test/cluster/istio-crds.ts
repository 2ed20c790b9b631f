// SPDX-License-Identifier: Apache-2.0
import { installCrds, type ModuleCrds } from './module-crds.ts';
import type { Kubectl } from './established.ts';

/** The kinds of Istio that Headway reads and writes. Istio itself does not run here: its data plane is no Go program. */
export const istioCrds: ModuleCrds = {
  name: 'istio-crds',
  modulePath: 'istio.io/api',
  part: 'istio',
  folder: 'kubernetes',
  isWanted: (file) => file === 'customresourcedefinitions.gen.yaml',
  names: ['virtualservices.networking.istio.io', 'destinationrules.networking.istio.io'],
};

/** Installs Istio's CRDs, or does nothing where they are; resolves when they are served. */
export function installIstioCrds(kubectl: Kubectl): Promise<void> {
  return installCrds(kubectl, istioCrds);
}
