// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { keyPairOf, readBase64 } from './certificates.ts';
import { addresses, type Layout, ports } from './layout.ts';

const serverUrl = `https://${addresses.node}:${ports.apiserver}`;

export function kubeconfigPath(layout: Layout, user: string): string {
  return join(layout.stateDir, 'kubeconfigs', `${user}.yaml`);
}

/** Writes the kubeconfig of a user that has a key pair; answers its path. */
export function writeCertificateKubeconfig(layout: Layout, user: string): string {
  const pair = keyPairOf(layout, user);
  return writeKubeconfig(layout, user, {
    'client-certificate-data': readBase64(pair.certificate),
    'client-key-data': readBase64(pair.key),
  });
}

function writeKubeconfig(layout: Layout, user: string, credentials: Record<string, string>): string {
  const path = kubeconfigPath(layout, user);
  mkdirSync(join(layout.stateDir, 'kubeconfigs'), { recursive: true, mode: 0o700 });
  const authority = readBase64(keyPairOf(layout, 'ca').certificate);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: layout.name, cluster: { server: serverUrl, 'certificate-authority-data': authority } },
    ],
    users: [{ name: user, user: credentials }],
    contexts: [{ name: layout.name, context: { cluster: layout.name, user } }],
    'current-context': layout.name,
  };
  writeFileSync(path, stringify(config), { mode: 0o600 });
  return path;
}
