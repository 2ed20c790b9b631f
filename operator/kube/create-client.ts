// SPDX-License-Identifier: Apache-2.0
import type { CallObserver, KubeClient, WatchOptions } from './client.ts';
import { loadCredentials } from './credentials.ts';
import { decodeFailure } from './failures.ts';
import type { KubeConfigSource } from './kubeconfig.ts';
import type { KubeList, KubeObject, WatchEvent } from './objects.ts';
import * as requests from './requests.ts';
import type { Resource } from './resources.ts';
import { createTransport, type Transport, type TransportRequest } from './transport.ts';
import { readWatchEvents } from './watch-stream.ts';

export interface KubeClientConfig {
  readonly source: KubeConfigSource;
  /** How many connections all calls share. Default 8. Each watch has one more. */
  readonly connections?: number | undefined;
  /** Default `headway`. */
  readonly userAgent?: string | undefined;
  readonly observe?: CallObserver | undefined;
}

const DEFAULT_CONNECTIONS = 8;

/** A KubeClient for the cluster that `source` names. Throws when the configuration cannot be read. */
export function createKubeClient(config: KubeClientConfig): KubeClient {
  const transport = createTransport({
    credentials: loadCredentials(config.source),
    connections: config.connections ?? DEFAULT_CONNECTIONS,
    userAgent: config.userAgent ?? 'headway',
    observe: config.observe,
  });
  /** The type is the caller's word for what the resource holds; nothing is checked here. */
  async function send<T>(request: TransportRequest): Promise<T> {
    return JSON.parse(await transport.send(request)) as T;
  }
  /** An empty list of metadata has `items: null` on the wire. */
  async function list<T extends KubeObject>(request: TransportRequest): Promise<KubeList<T>> {
    const found = await send<Omit<KubeList<T>, 'items'> & { items: T[] | null }>(request);
    return { ...found, items: found.items ?? [] };
  }
  return {
    get: (resource, ref, options = {}) => send(requests.getRequest(resource, ref, options)),
    list: (resource, options = {}) => list(requests.listRequest(resource, options)),
    create: (resource, object, options = {}) => send(requests.createRequest(resource, object, options)),
    update: (resource, object, options = {}) => send(requests.updateRequest(resource, object, options)),
    delete: (resource, ref, options = {}) => send(requests.deleteRequest(resource, ref, options)),
    apply: (resource, object, options) => send(requests.applyRequest(resource, object, options)),
    jsonPatch: (resource, ref, change) => send(requests.jsonPatchRequest(resource, ref, change)),
    mergePatch: (resource, ref, change) => send(requests.mergePatchRequest(resource, ref, change)),
    watch: (resource, options = {}) => watchEvents(transport, resource, options),
    raw: (method, path, options = {}) => transport.send(requests.rawRequest(method, path, options)),
    close: () => transport.close(),
  };
}

async function* watchEvents(
  transport: Transport,
  resource: Resource,
  options: WatchOptions,
): AsyncGenerator<WatchEvent> {
  const request = requests.watchRequest(resource, options);
  const body = await transport.open(request);
  // A socket that dies after the reader has left has nobody to tell; without a listener it would end the process.
  body.on('error', () => undefined);
  try {
    yield* readWatchEvents(body);
  } catch (error) {
    throw decodeFailure(error, request.subject, options.signal);
  } finally {
    body.destroy();
  }
}
