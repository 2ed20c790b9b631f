// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { frontProxyClient, keyPairOf, pkiDir } from './certificates.ts';
import { configPath } from './config-files.ts';
import { auditLogMegabytes } from './config/audit-policy.ts';
import { kubeconfigPath } from './kubeconfig.ts';
import { addresses, type Layout, ports } from './layout.ts';
import { type Part, selfSigned } from './part.ts';

export function etcd(layout: Layout): Part {
  const url = `http://127.0.0.1:${ports.etcd}`;
  const peer = 'http://127.0.0.1:2380';
  return {
    name: 'etcd',
    port: ports.etcd,
    command: [
      'etcd',
      `--data-dir=${join(layout.stateDir, 'etcd')}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      // The data never outlives the cluster, so no write waits for the disk.
      '--unsafe-no-fsync',
      '--log-level=warn',
    ],
    env: {},
    privateMounts: false,
    probe: { name: 'etcd', url: `${url}/health` },
  };
}

export function apiserver(layout: Layout): Part {
  const serving = keyPairOf(layout, 'apiserver');
  const kubeletClient = keyPairOf(layout, 'kubelet-client');
  const frontProxy = keyPairOf(layout, frontProxyClient.name);
  const authority = keyPairOf(layout, 'ca').certificate;
  return {
    name: 'apiserver',
    port: ports.apiserver,
    command: [
      'kube-apiserver',
      '--bind-address=0.0.0.0',
      `--advertise-address=${addresses.node}`,
      `--secure-port=${ports.apiserver}`,
      `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
      `--service-cluster-ip-range=${addresses.serviceRange}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${join(pkiDir(layout), 'service-account.pub')}`,
      `--service-account-signing-key-file=${join(pkiDir(layout), 'service-account.key')}`,
      `--client-ca-file=${authority}`,
      `--tls-cert-file=${serving.certificate}`,
      `--tls-private-key-file=${serving.key}`,
      `--kubelet-client-certificate=${kubeletClient.certificate}`,
      `--kubelet-client-key=${kubeletClient.key}`,
      `--kubelet-certificate-authority=${authority}`,
      '--kubelet-preferred-address-types=InternalIP',
      `--requestheader-client-ca-file=${keyPairOf(layout, 'front-proxy-ca').certificate}`,
      `--requestheader-allowed-names=${frontProxyClient.commonName}`,
      '--requestheader-username-headers=X-Remote-User',
      '--requestheader-group-headers=X-Remote-Group',
      '--requestheader-extra-headers-prefix=X-Remote-Extra-',
      `--proxy-client-cert-file=${frontProxy.certificate}`,
      `--proxy-client-key-file=${frontProxy.key}`,
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
      `--audit-policy-file=${configPath(layout, 'audit-policy.yaml')}`,
      `--audit-log-path=${layout.auditLogPath}`,
      `--audit-log-maxsize=${auditLogMegabytes}`,
      '--profiling=false',
    ],
    env: {},
    privateMounts: false,
    appendsTo: layout.auditLogPath,
    probe: { name: 'apiserver', url: `https://127.0.0.1:${ports.apiserver}/readyz`, authority },
  };
}

export function controllerManager(layout: Layout): Part {
  const authority = keyPairOf(layout, 'ca');
  return {
    name: 'controller-manager',
    port: ports.controllerManager,
    command: [
      'kube-controller-manager',
      ...controlPlaneClient(layout, 'controller-manager'),
      `--secure-port=${ports.controllerManager}`,
      '--use-service-account-credentials=true',
      `--service-account-private-key-file=${join(pkiDir(layout), 'service-account.key')}`,
      `--root-ca-file=${authority.certificate}`,
      `--cluster-signing-cert-file=${authority.certificate}`,
      `--cluster-signing-key-file=${authority.key}`,
      '--kube-api-qps=200',
      '--kube-api-burst=400',
      // The only node cannot be lost. By default all its pods count as unready 50 s after its last sign of life, and
      // after an outage of the API server this controller itself may need longer to hear of the next one.
      '--node-monitor-grace-period=5m',
      // By default 15 s, which stories would wait for.
      '--horizontal-pod-autoscaler-sync-period=5s',
    ],
    env: {},
    privateMounts: false,
    probe: selfSigned('controller-manager', ports.controllerManager),
  };
}

export function scheduler(layout: Layout): Part {
  return {
    name: 'scheduler',
    port: ports.scheduler,
    command: [
      'kube-scheduler',
      ...controlPlaneClient(layout, 'scheduler'),
      `--secure-port=${ports.scheduler}`,
      '--kube-api-qps=200',
      '--kube-api-burst=400',
    ],
    env: {},
    privateMounts: false,
    probe: selfSigned('scheduler', ports.scheduler),
  };
}

function controlPlaneClient(layout: Layout, user: string): string[] {
  const kubeconfig = kubeconfigPath(layout, user);
  return [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    '--bind-address=127.0.0.1',
    // There is one of each, and waiting for a lease of a killed one would only cost time.
    '--leader-elect=false',
  ];
}
