// SPDX-License-Identifier: Apache-2.0
import type { KubeClient } from './client.ts';

/**
 * The same client, but `check` runs right before every attempt of every write; what it throws ends the write unsent.
 * A deposed leader is stopped here even between two attempts of one write. Reads are not touched.
 */
export function fenceWrites(client: KubeClient, check: () => void): KubeClient {
  const fence = { beforeSend: check };
  return {
    get: client.get,
    list: client.list,
    watch: client.watch,
    raw: (method, path, options = {}) =>
      client.raw(method, path, method === 'GET' ? options : { ...options, ...fence }),
    create: (resource, object, options) => client.create(resource, object, { ...options, ...fence }),
    update: (resource, object, options) => client.update(resource, object, { ...options, ...fence }),
    delete: (resource, ref, options) => client.delete(resource, ref, { ...options, ...fence }),
    apply: (resource, object, options) => client.apply(resource, object, { ...options, ...fence }),
    jsonPatch: (resource, ref, change) => client.jsonPatch(resource, ref, { ...change, ...fence }),
    mergePatch: (resource, ref, change) => client.mergePatch(resource, ref, { ...change, ...fence }),
    close: client.close,
  };
}
