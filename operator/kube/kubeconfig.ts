// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { type Cluster, KubeConfig } from '@kubernetes/client-node';

/**
 * Where the cluster and the credentials come from. `in-cluster`: the pod's ServiceAccount. `file`: one kubeconfig.
 * `default`: as kubectl does, by KUBECONFIG, then ~/.kube/config, then in-cluster.
 */
export type KubeConfigSource =
  | { readonly kind: 'in-cluster' }
  | { readonly kind: 'file'; readonly path: string; readonly context?: string | undefined }
  | { readonly kind: 'default'; readonly context?: string | undefined };

/** What a kubeconfig says of the context in use, for defaults and for messages. */
export interface ContextFacts {
  readonly name: string;
  readonly server: string;
  readonly user: string;
  /** Absent where the context names none. */
  readonly namespace?: string | undefined;
}

/** Reads which cluster, user and namespace a source means. Throws an Error that says what is missing. */
export function readContext(source: KubeConfigSource): ContextFacts {
  const { config, cluster } = readKubeConfig(source);
  const name = config.getCurrentContext();
  const context = config.getContextObject(name);
  const namespace = context?.namespace;
  return { name, server: cluster.server, user: context?.user ?? '', ...(namespace ? { namespace } : {}) };
}

/** The configuration of a source, with its context in use. Throws an Error that says what is missing or wrong. */
export function readKubeConfig(source: KubeConfigSource): { config: KubeConfig; cluster: Cluster } {
  const config = loadSource(source);
  if (source.kind !== 'in-cluster' && source.context !== undefined) useContext(config, source.context);
  const cluster = config.getCurrentCluster();
  if (!cluster?.server) {
    throw new Error(`the kubeconfig has no cluster for context "${config.getCurrentContext() ?? ''}"`);
  }
  return { config, cluster };
}

function useContext(config: KubeConfig, wanted: string): void {
  const known = config.getContexts().map(({ name }) => name);
  if (!known.includes(wanted)) {
    throw new Error(`the kubeconfig has no context "${wanted}"; it has ${known.join(', ') || 'none'}`);
  }
  config.setCurrentContext(wanted);
}

function loadSource(source: KubeConfigSource): KubeConfig {
  switch (source.kind) {
    case 'in-cluster':
      return loadInCluster();
    case 'file':
      return loadFile(source.path);
    case 'default':
      return loadDefault();
  }
}

function loadInCluster(): KubeConfig {
  if (!process.env['KUBERNETES_SERVICE_HOST']) {
    throw new Error('not inside a cluster: KUBERNETES_SERVICE_HOST is not set');
  }
  const config = new KubeConfig();
  config.loadFromCluster();
  return config;
}

function loadFile(path: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromFile(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot read the kubeconfig ${path}: ${why}`, { cause: error });
  }
  return config;
}

/** What client-node falls back to where there is nothing at all, and where nobody listens. */
const NOWHERE = 'http://localhost:8080';

function loadDefault(): KubeConfig {
  const named = (process.env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  if (named.length > 0) return loadFiles(named);
  const config = new KubeConfig();
  config.loadFromDefault();
  if (config.getCurrentContext() === 'loaded-context' && config.getCurrentCluster()?.server === NOWHERE) {
    throw new Error(
      'no kubeconfig: KUBECONFIG is not set, ~/.kube/config is not there, and this is not a pod; name one by --kubeconfig',
    );
  }
  return config;
}

/** As kubectl merges several files: what is not there is passed over, and of two of the same name the first one counts. */
function loadFiles(paths: readonly string[]): KubeConfig {
  const [first, ...others] = paths.filter((path) => existsSync(path)).map(loadFile);
  if (!first) throw new Error(`KUBECONFIG names no file that is there: ${paths.join(', ')}`);
  for (const other of others) {
    first.loadFromOptions({
      clusters: withMissing(first.getClusters(), other.getClusters()),
      users: withMissing(first.getUsers(), other.getUsers()),
      contexts: withMissing(first.getContexts(), other.getContexts()),
      currentContext: first.getCurrentContext() || other.getCurrentContext(),
    });
  }
  return first;
}

function withMissing<T extends { readonly name: string }>(held: readonly T[], more: readonly T[]): T[] {
  return [...held, ...more.filter(({ name }) => !held.some((one) => one.name === name))];
}
