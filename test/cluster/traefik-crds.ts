// SPDX-License-Identifier: Apache-2.0
import { installCrds, type ModuleCrds } from './module-crds.ts';
import type { Kubectl } from './established.ts';

/** Traefik's own kinds; the folder is that of its documentation, with examples beside them. */
export const traefikCrds: ModuleCrds = {
  name: 'traefik-crds',
  modulePath: 'github.com/traefik/traefik/v3',
  part: 'traefik',
  folder: 'docs/content/reference/dynamic-configuration',
  isWanted: (file) => file.startsWith('traefik.io_'),
};

/** Installs Traefik's CRDs, or does nothing where they are; resolves when they are served. */
export function installTraefikCrds(kubectl: Kubectl): Promise<void> {
  return installCrds(kubectl, traefikCrds);
}
