// SPDX-License-Identifier: Apache-2.0
// oxlint-disable no-restricted-imports -- crd/ sees no cluster; the tests of what it makes do
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import type { AppliedObject, KubeClient } from '../kube/client.ts';
import { createKubeClient } from '../kube/create-client.ts';
import { KubeApiError } from '../kube/errors.ts';
import type { KubeObject } from '../kube/objects.ts';
import { resources } from '../kube/resources.ts';

export const DEADLINE_MS = 90_000;
export const root = resolve(import.meta.dirname, '../..');
export const run = promisify(execFile);

/** CRDs as JSON are long: in bytes. */
const MAX_PRINTED = 64 * 1024 * 1024;

/** What kubectl prints; throws with its words when it fails. */
export async function kubectl(args: readonly string[]): Promise<string> {
  const { stdout } = await run('kubectl', [...args], { maxBuffer: MAX_PRINTED });
  return stdout;
}

interface CrdObject extends KubeObject {
  status?: { conditions?: { type: string; status: string }[] };
}

/** A namespace of its own in an API server that serves the CRDs of this checkout. */
export interface TestServer {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly crds: readonly CrdObject[];
  close(): Promise<void>;
}

export async function openTestServer(): Promise<TestServer> {
  const client = createKubeClient({ source: { kind: 'default' } });
  const namespace = `crds-${randomBytes(4).toString('hex')}`;
  const crds = await Promise.all(readdirSync(resolve(root, 'crds')).map((file) => establish(client, file)));
  await client.create(resources.namespaces, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  const kinds = [
    resources.canaries,
    resources.blueGreens,
    resources.analysisTemplates,
    resources.metricsProviders,
  ];
  await Promise.all(
    kinds.map((resource) => waitFor(`${resource.plural} served`, () => isServed(client, resource))),
  );
  return {
    client,
    namespace,
    crds,
    async close() {
      await client.delete(resources.namespaces, { name: namespace });
      await client.close();
    },
  };
}

async function establish(client: KubeClient, file: string): Promise<CrdObject> {
  const crd = parse(readFileSync(resolve(root, 'crds', file), 'utf8')) as AppliedObject;
  const { name } = crd.metadata;
  await client.apply(resources.customResourceDefinitions, crd, { fieldManager: 'crds-test', force: true });
  return waitFor(`${name} established`, async () => {
    const live = await client.get<CrdObject>(resources.customResourceDefinitions, { name });
    const conditions = live.status?.conditions ?? [];
    return conditions.some(({ type, status }) => type === 'Established' && status === 'True')
      ? live
      : undefined;
  });
}

async function isServed(
  client: KubeClient,
  resource: Parameters<KubeClient['list']>[0],
): Promise<true | undefined> {
  try {
    await client.list(resource, { limit: 1 });
    return true;
  } catch (error) {
    if (error instanceof KubeApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** Looks until there is something to see. */
export async function waitFor<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadlineMs = performance.now() + DEADLINE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadlineMs) throw new Error(`${what}: not within ${DEADLINE_MS / 1000} s`);
    await sleep(100);
  }
}
