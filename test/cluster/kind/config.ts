// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';
import { auditLogMegabytes, auditPolicy } from '../node/config/audit-policy.ts';

export interface KindFolders {
  /** On this machine: holds audit-policy.yaml. */
  configDir: string;
  /** On this machine: gets audit.log. */
  auditDir: string;
}

/** Inside the node: where the folders are mounted. */
const configMount = '/etc/headway';
const auditMount = '/var/log/headway';

export function auditPolicyText(): string {
  return stringify(auditPolicy());
}

/** The configuration of `kind create cluster`: one node, with the audit log of the provider "node". */
export function kindConfig({ configDir, auditDir }: KindFolders): string {
  return stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    nodes: [
      {
        role: 'control-plane',
        extraMounts: [
          { hostPath: configDir, containerPath: configMount, readOnly: true },
          { hostPath: auditDir, containerPath: auditMount },
        ],
        kubeadmConfigPatches: [stringify(auditPatch)],
      },
    ],
  });
}

const auditPatch = {
  kind: 'ClusterConfiguration',
  apiVersion: 'kubeadm.k8s.io/v1beta3',
  apiServer: {
    extraArgs: {
      'audit-policy-file': `${configMount}/audit-policy.yaml`,
      'audit-log-path': `${auditMount}/audit.log`,
      'audit-log-maxsize': String(auditLogMegabytes),
    },
    extraVolumes: [volume('audit-policy', configMount, true), volume('audit-log', auditMount, false)],
  },
};

function volume(name: string, path: string, readOnly: boolean): object {
  return { name, hostPath: path, mountPath: path, readOnly, pathType: 'DirectoryOrCreate' };
}
