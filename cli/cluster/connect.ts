// SPDX-License-Identifier: Apache-2.0
import type { KubeClient } from '../../operator/kube/client.ts';
import { createKubeClient } from '../../operator/kube/create-client.ts';
import { type ContextFacts, type KubeConfigSource, readContext } from '../../operator/kube/kubeconfig.ts';
import { version } from '../../operator/version.ts';

/** A cluster, and who asks it. */
export interface Cluster {
  readonly client: KubeClient;
  readonly context: ContextFacts;
  /** The one that was asked for, or else that of the context. */
  readonly namespace: string;
  /** Calls `listener` with the kind of every call, or opened watch, that the API server answers well. */
  onAnswer(listener: (kind: string) => void): void;
}

export interface ConnectOptions {
  readonly namespace?: string | undefined;
  readonly context?: string | undefined;
  readonly kubeconfig?: string | undefined;
}

/** As kubectl would connect. Nothing is sent yet; throws an Error when the kubeconfig names no cluster. */
export function connect({ namespace, context, kubeconfig }: ConnectOptions): Cluster {
  const source: KubeConfigSource =
    kubeconfig === undefined ? { kind: 'default', context } : { kind: 'file', path: kubeconfig, context };
  const facts = readContext(source);
  const listeners = new Set<(kind: string) => void>();
  const client = createKubeClient({
    source,
    connections: 4,
    userAgent: `kubectl-headway/${version}`,
    observe(_verb, kind, status) {
      if (!status.startsWith('2')) return;
      for (const listener of listeners) listener(kind);
    },
  });
  return {
    client,
    context: facts,
    namespace: namespace ?? facts.namespace ?? 'default',
    onAnswer(listener) {
      listeners.add(listener);
    },
  };
}
