// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { Profile } from '../types.ts';
import { keyPairOf, pkiDir } from './certificates.ts';
import { configPath } from './config-files.ts';
import { auditLogMegabytes } from './config/audit-policy.ts';
import { traefikArguments } from './config/traefik.ts';
import type { Probe } from './inside/probe.ts';
import { kubeconfigPath } from './kubeconfig.ts';
import { addresses, type Layout, nodeName, ports } from './layout.ts';

/** One process of a cluster. */
export interface Part {
  name: string;
  port?: number;
  /** The program, by name, and its arguments. */
  command: readonly [program: string, ...args: string[]];
  env: Record<string, string>;
  privateMounts: boolean;
  probe: Probe;
}

/** The parts of a profile in the order of their start; ends go the other way. */
export function partsOf(layout: Layout, profile: Profile): Part[] {
  const control = [etcd(layout), apiserver(layout), controllerManager(layout)];
  if (profile === 'api') {
    return control;
  }
  return [
    ...control,
    containerd(layout),
    scheduler(layout),
    kubelet(layout),
    kubeProxy(layout),
    traefik(layout),
    prometheus(layout),
  ];
}

function etcd(layout: Layout): Part {
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

function apiserver(layout: Layout): Part {
  const serving = keyPairOf(layout, 'apiserver');
  const kubeletClient = keyPairOf(layout, 'kubelet-client');
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
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
      `--audit-policy-file=${configPath(layout, 'audit-policy.yaml')}`,
      `--audit-log-path=${layout.auditLogPath}`,
      `--audit-log-maxsize=${auditLogMegabytes}`,
      '--profiling=false',
    ],
    env: {},
    privateMounts: false,
    probe: { name: 'apiserver', url: `https://127.0.0.1:${ports.apiserver}/readyz`, authority },
  };
}

function controllerManager(layout: Layout): Part {
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
    ],
    env: {},
    privateMounts: false,
    probe: selfSigned('controller-manager', ports.controllerManager),
  };
}

function scheduler(layout: Layout): Part {
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

function selfSigned(name: string, port: number): Probe {
  return { name, url: `https://127.0.0.1:${port}/healthz` };
}

function containerd(layout: Layout): Part {
  return {
    name: 'containerd',
    command: ['containerd', `--config=${configPath(layout, 'containerd.toml')}`],
    env: {},
    privateMounts: true,
    probe: { name: 'containerd', socket: layout.containerdSocket },
  };
}

function kubelet(layout: Layout): Part {
  return {
    name: 'kubelet',
    port: ports.kubelet,
    command: [
      'kubelet',
      `--config=${configPath(layout, 'kubelet.yaml')}`,
      `--kubeconfig=${kubeconfigPath(layout, 'kubelet')}`,
      `--hostname-override=${nodeName}`,
      `--node-ip=${addresses.node}`,
    ],
    env: {},
    privateMounts: true,
    probe: { name: 'kubelet', url: `http://127.0.0.1:${ports.kubelet}/healthz` },
  };
}

function kubeProxy(layout: Layout): Part {
  return {
    name: 'kube-proxy',
    port: ports.kubeProxy,
    command: ['kube-proxy', `--config=${configPath(layout, 'kube-proxy.yaml')}`],
    env: {},
    privateMounts: false,
    probe: { name: 'kube-proxy', url: `http://127.0.0.1:${ports.kubeProxy}/healthz` },
  };
}

function traefik(layout: Layout): Part {
  return {
    name: 'traefik',
    port: ports.web,
    command: ['traefik', ...traefikArguments()],
    env: { KUBECONFIG: kubeconfigPath(layout, 'traefik') },
    privateMounts: false,
    probe: { name: 'traefik', url: `http://127.0.0.1:${ports.traefik}/ping` },
  };
}

function prometheus(layout: Layout): Part {
  return {
    name: 'prometheus',
    port: ports.prometheus,
    command: [
      'prometheus',
      `--config.file=${configPath(layout, 'prometheus.yaml')}`,
      `--storage.tsdb.path=${join(layout.stateDir, 'prometheus')}`,
      `--web.listen-address=0.0.0.0:${ports.prometheus}`,
    ],
    env: {},
    privateMounts: false,
    probe: { name: 'prometheus', url: `http://127.0.0.1:${ports.prometheus}/-/ready` },
  };
}
