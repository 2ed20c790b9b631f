// SPDX-License-Identifier: Apache-2.0
// Test support: clients of the API server that KUBECONFIG points at, directly or through a proxy.
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { KubeClient } from './client.ts';
import { createKubeClient } from './create-client.ts';
import type { KubeObject } from './objects.ts';
import { resources } from './resources.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

interface KubeConfigFile {
  clusters: { cluster: { server: string } }[];
  users: { user: object }[];
}

function kubeConfigPath(): string {
  const path = process.env['KUBECONFIG'];
  if (!path) throw new Error('KUBECONFIG must point at an admin of a test cluster');
  return path;
}

export function connectDirectly(): KubeClient {
  return createKubeClient({ source: { kind: 'file', path: kubeConfigPath() } });
}

export interface Proxied {
  readonly client: KubeClient;
  readonly proxy: TcpProxy;
  close(): Promise<void>;
}

/** A client whose every connection goes through a proxy of its own. */
export async function connectThroughProxy(user?: object): Promise<Proxied> {
  const config = parse(await readFile(kubeConfigPath(), 'utf8')) as KubeConfigFile;
  const [entry] = config.clusters;
  if (!entry) throw new Error('the kubeconfig names no cluster');
  const { hostname, port } = new URL(entry.cluster.server);
  const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
  entry.cluster.server = `https://127.0.0.1:${proxy.port}`;
  if (user) for (const each of config.users) each.user = user;
  const folder = await mkdtemp(join(tmpdir(), 'headway-kube-'));
  const path = join(folder, 'config');
  await writeFile(path, stringify(config));
  const client = createKubeClient({ source: { kind: 'file', path } });
  return {
    client,
    proxy,
    async close() {
      await client.close();
      await proxy.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A namespace of its own for one test file. */
export async function createNamespace(client: KubeClient): Promise<string> {
  const name = `test-${randomUUID().slice(0, 8)}`;
  await client.create(resources.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return name;
}

export function configMap(namespace: string, name: string, data: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data };
}

/** Waits until `holds`, looking often; throws with `what` after `timeoutMs`. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadlineMs) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
