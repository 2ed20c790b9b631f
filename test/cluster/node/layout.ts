// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';

/** Addresses are of the benchmarking range 198.18.0.0/15 (RFC 2544): nobody routes them. */
export const addresses = {
  node: '198.18.0.1',
  nodePrefix: '198.18.0.1/17',
  podRange: '198.18.128.0/24',
  serviceRange: '198.19.0.0/16',
  kubernetesService: '198.19.0.1',
} as const;

export const nodeName = 'headway-node';

/** The Service by which the API server reaches metrics-server, as the name that it asks the certificate for. */
export const metricsServerHost = 'metrics-server.kube-system.svc';

export const ports = {
  apiserver: 6443,
  etcd: 2379,
  controllerManager: 10257,
  scheduler: 10259,
  kubelet: 10248,
  kubeProxy: 10256,
  web: 8000,
  webSecure: 8443,
  traefik: 8082,
  prometheus: 9090,
  metricsServer: 4443,
} as const;

/** Where everything of one cluster lives. Two checkouts never share any of it. */
export interface Layout {
  name: string;
  /** Unique on the machine: the name and a hash of the checkout's path. */
  id: string;
  stateDir: string;
  /** Short, because the path of a unix socket has at most 107 bytes. */
  runDir: string;
  netns: string;
  netnsPath: string;
  mountNamespacePath: string;
  /** Path below each cgroup controller's root. */
  cgroup: string;
  containerdSocket: string;
  auditLogPath: string;
}

const namePattern = /^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/;

/** The checkout that this file belongs to. */
const checkoutDir = resolve(import.meta.dirname, '../../..');

/** The layout of the cluster `name` of a checkout; throws when the name cannot be used. */
export function layoutOf(name: string, checkout: string = checkoutDir): Layout {
  if (!namePattern.test(name)) {
    throw new Error(
      `"${name}" cannot name a cluster: lower-case letters, digits and inner hyphens, at most 20 characters`,
    );
  }
  const id = `${name}-${createHash('sha256').update(checkout).digest('hex').slice(0, 6)}`;
  const stateDir = join(checkout, 'build/cluster', name);
  const runDir = `/run/headway/${id}`;
  const netns = `headway-${id}`;
  return {
    name,
    id,
    stateDir,
    runDir,
    netns,
    netnsPath: `/run/netns/${netns}`,
    mountNamespacePath: `${runDir}/ns/mnt`,
    cgroup: `headway-${id}`,
    containerdSocket: `${runDir}/containerd/containerd.sock`,
    auditLogPath: join(stateDir, 'audit/audit.log'),
  };
}
