// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { Profile } from '../types.ts';
import { keyPairOf, readBase64 } from './certificates.ts';
import { auditPolicy } from './config/audit-policy.ts';
import { cniConfig } from './config/cni.ts';
import { containerdConfig } from './config/containerd.ts';
import { kubeProxyConfig } from './config/kube-proxy.ts';
import { kubeletConfig } from './config/kubelet.ts';
import { baseManifests, gatewayManifests } from './config/manifests.ts';
import { metricsApiManifests, metricsServerRights } from './config/metrics-server.ts';
import { prometheusConfig } from './config/prometheus.ts';
import { kubeconfigPath } from './kubeconfig.ts';
import type { Layout } from './layout.ts';
import { snapshotterFor } from './mounts.ts';

export const pauseImage = 'localhost/headway-pause:1';

/** The path of a part's configuration file. */
export function configPath(layout: Layout, file: string): string {
  return join(layout.stateDir, 'config', file);
}

/** Writes the configuration files that a profile's parts read. */
export function writeConfigFiles(layout: Layout, profile: Profile): void {
  for (const [file, text] of Object.entries(configTexts(layout, profile))) {
    const path = configPath(layout, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function configTexts(layout: Layout, profile: Profile): Record<string, string> {
  const audit = { 'audit-policy.yaml': stringify(auditPolicy()) };
  if (profile === 'api') {
    return audit;
  }
  return {
    ...audit,
    'kubelet.yaml': stringify(kubeletConfig(layout)),
    'containerd.toml': containerdConfig(layout, pauseImage, snapshotterFor(layout.stateDir)),
    'cni/10-pods.conflist': JSON.stringify(cniConfig(), undefined, 2),
    'kube-proxy.yaml': stringify(kubeProxyConfig(kubeconfigPath(layout, 'kube-proxy'))),
    'prometheus.yaml': stringify(prometheusConfig(kubeconfigPath(layout, 'prometheus'))),
    'manifests.yaml': stringifyAll([...baseManifests(), ...metricsServerRights()]),
    'gateway.yaml': stringifyAll(gatewayManifests()),
    'metrics-api.yaml': stringifyAll(metricsApiManifests(readBase64(keyPairOf(layout, 'ca').certificate))),
  };
}

function stringifyAll(manifests: readonly object[]): string {
  return manifests.map((manifest) => stringify(manifest)).join('---\n');
}
