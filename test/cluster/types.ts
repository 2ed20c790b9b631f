// SPDX-License-Identifier: Apache-2.0
import type { ChildProcess, StdioOptions } from 'node:child_process';

/**
 * What runs. `api`: etcd, kube-apiserver and kube-controller-manager; objects but no pods.
 * `node`: a whole node with scheduler, kubelet, containerd, kube-proxy, Traefik, Prometheus and metrics-server.
 */
export type Profile = 'api' | 'node';

export type ProviderName = 'node' | 'kind' | 'existing';

export interface ClusterSpec {
  /** Lower-case letters, digits and hyphens, at most 20 characters. */
  name: string;
  profile: Profile;
}

export interface PartStatus {
  name: string;
  /** Absent when the part has no process now, or none that the provider can see. */
  pid?: number;
  port?: number;
  healthy: boolean;
  /** Why it is not healthy, in one line; empty when it is. */
  problem: string;
}

export interface ClusterStatus {
  name: string;
  provider: ProviderName;
  state: 'absent' | 'running' | 'degraded';
  profile?: Profile;
  parts: PartStatus[];
  /** The API server's audit log, JSON lines; absent where the provider cannot reach it. */
  auditLogPath?: string;
}

export interface ExecOptions {
  stdio?: StdioOptions;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
}

/** A real Kubernetes for tests, demo and benchmarks. Every method takes the cluster by its name. */
export interface ClusterProvider {
  readonly name: ProviderName;
  /** Resolves when the cluster is ready to use; at once when it already was. Cleans up after an unclean end. */
  up(spec: ClusterSpec): Promise<void>;
  /** Leaves nothing of the cluster behind; resolves at once when there is none. */
  down(name: string): Promise<void>;
  status(name: string): Promise<ClusterStatus>;
  /** Starts a process that sees the cluster's network, with KUBECONFIG set to the admin's. */
  exec(name: string, command: readonly string[], options?: ExecOptions): ChildProcess;
  /** Makes the images of a docker-archive known to the node; pods use them with `imagePullPolicy: Never`. */
  loadImage(name: string, tarPath: string): Promise<void>;
  /** The path of a kubeconfig for `admin` or one of the people in users.ts, valid for processes of `exec`. */
  kubeconfig(name: string, user: string): Promise<string>;
}
