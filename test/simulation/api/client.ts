// SPDX-License-Identifier: Apache-2.0
import type { CallOptions, KubeClient, WatchOptions } from '../../../operator/kube/client.ts';
import { type CallSubject, KubeApiError, KubeConnectionError } from '../../../operator/kube/errors.ts';
import type { KubeList, KubeObject, ObjectName, WatchEvent } from '../../../operator/kube/objects.ts';
import type { Resource } from '../../../operator/kube/resources.ts';
import { retryDelayMs } from '../../../operator/kube/retry.ts';
import { abortReason } from '../../../operator/runtime/clock.ts';
import { toKey } from '../../../operator/runtime/store.ts';
import type { Process } from '../operator/process.ts';
import type { Fate, Faults } from './faults.ts';
import type { ApiServer, Write } from './server.ts';
import { refusal } from './storage.ts';
import { isSelected, WatchStream } from './watch.ts';

export interface ClientParts {
  readonly server: ApiServer;
  readonly faults: Faults;
  readonly process: Process;
  /** All watches that are open, to hand changes to and to break. */
  readonly streams: Set<WatchStream>;
  /** After each write that was carried out, before its answer. */
  readonly onWrite: () => void;
  /** Told how every attempt ended: an HTTP code, or `connection`. */
  readonly onAnswer: (status: string) => void;
}

interface Call<T> {
  readonly write: Write;
  readonly ref: Partial<ObjectName>;
  readonly options: CallOptions;
  readonly isWrite: boolean;
  readonly isRepeatable: boolean;
  readonly perform: () => T;
}

type Plain<T> = Omit<Call<T>, 'isWrite' | 'isRepeatable'>;

function named(ref: ObjectName): string {
  return toKey(ref.namespace, ref.name);
}

/** The operator's way to the modelled API server: calls take time, and may go wrong as the faults say. */
export function createModelClient(parts: ClientParts): KubeClient {
  const { server, process } = parts;

  function writeOf(verb: Write['verb'], resource: Resource, more: Partial<Write> = {}): Write {
    return { actor: process.name, verb, resource, manager: 'headway', ...more };
  }

  function write<T>(call: Plain<T>): Promise<T> {
    const isRepeatable = call.write.verb === 'apply' || call.write.verb === 'delete';
    return exchange(parts, { ...call, isWrite: true, isRepeatable });
  }

  function read<T>(call: Plain<T>): Promise<T> {
    return exchange(parts, { ...call, isWrite: false, isRepeatable: true });
  }

  const client = {
    get(resource, ref, options = {}) {
      const call = writeOf('get', resource);
      const perform = () => asAskedFor(server.mustGet(call, named(ref)), options);
      return read({ write: call, ref, options, perform });
    },
    list(resource, options = {}) {
      const perform = () =>
        listOf(parts, resource, {
          selects: (object) => isSelected(object, options),
          // only what fills a store may be old; what is read for one decision is not
          isPaged: options.limit !== undefined,
        });
      return read({ write: writeOf('list', resource), ref: {}, options, perform });
    },
    create(resource, object, options = {}) {
      const call = writeOf('create', resource);
      return write({ write: call, ref: nameOf(object), options, perform: () => server.create(call, object) });
    },
    update(resource, object, options = {}) {
      const call = writeOf('update', resource, { subresource: options.subresource });
      return write({ write: call, ref: nameOf(object), options, perform: () => server.update(call, object) });
    },
    delete(resource, ref, options = {}) {
      const call = writeOf('delete', resource);
      const perform = () => server.delete(call, named(ref), { uid: options.uid });
      return write({ write: call, ref, options, perform });
    },
    apply(resource, object, options) {
      const { fieldManager: manager, subresource } = options;
      const call = writeOf('apply', resource, { manager, subresource });
      return write({ write: call, ref: object.metadata, options, perform: () => server.apply(call, object) });
    },
    jsonPatch(resource, ref, change) {
      const call = writeOf('jsonPatch', resource);
      const perform = () => server.jsonPatch(call, named(ref), change.operations);
      return write({ write: call, ref, options: change, perform });
    },
    mergePatch(resource, ref, change) {
      const call = writeOf('mergePatch', resource, { subresource: change.subresource });
      const perform = () => server.mergePatch(call, named(ref), change.patch);
      return write({ write: call, ref, options: change, perform });
    },
    watch: (resource, options = {}) => watch(parts, resource, options),
    raw: () => Promise.reject(new Error('the model of the API server knows no raw calls')),
    close: () => Promise.resolve(),
  } satisfies { [M in keyof KubeClient]: (...args: Parameters<KubeClient[M]>) => unknown };
  return client as unknown as KubeClient;
}

/** Repeats as the real client does. */
async function exchange<T>(parts: ClientParts, call: Call<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce(parts, call);
    } catch (error) {
      const waitMs = retryDelayMs(error, attempt, call.isRepeatable);
      if (waitMs === undefined) throw error;
      await parts.process.clock.sleep(waitMs, call.options.signal);
    }
  }
}

function attemptOnce<T>(parts: ClientParts, call: Call<T>): Promise<T> {
  const { server, faults, process } = parts;
  const { signal } = call.options;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    call.options.beforeSend?.();
    const onAbort = () => reject(abortReason(signal as AbortSignal));
    signal?.addEventListener('abort', onAbort, { once: true });
    const answer = (give: () => void) => {
      server.timeline.after(faults.callMs(), () => {
        process.reach(() => {
          signal?.removeEventListener('abort', onAbort);
          give();
        });
      });
    };
    server.timeline.after(faults.callMs(), () => {
      try {
        const value = serve(parts, call, faults.fateOf(call.isWrite));
        answer(() => {
          parts.onAnswer('200');
          resolve(value);
        });
      } catch (error) {
        answer(() => {
          parts.onAnswer(error instanceof KubeApiError ? String(error.status) : 'connection');
          reject(error);
        });
      }
    });
  });
}

/** The call is at the API server, or on its way there lost. */
function serve<T>(parts: ClientParts, call: Call<T>, fate: Fate): T {
  const { write, ref } = call;
  const key = toKey(ref.namespace, ref.name ?? '');
  const refused = (status: number, reason: string, why: string) => refusal(write, key, status, reason, why);
  if (parts.faults.isForbidden(write.resource.plural)) throw refused(403, 'Forbidden', 'no such right');
  switch (fate) {
    case 'dropped':
      throw brokenConnection(call);
    case 'unavailable':
      throw refused(503, 'ServiceUnavailable', 'the server is currently unable to handle the request');
    case 'failed':
      throw refused(500, 'InternalError', 'etcdserver: request timed out');
    case 'busy':
      throw refused(429, 'TooManyRequests', 'please try again later');
    case 'conflict':
      throw refused(409, 'Conflict', 'the object has been modified');
    case 'lost':
      perform(parts, call);
      throw brokenConnection(call);
    case 'failed-late':
      perform(parts, call);
      throw refused(500, 'InternalError', 'etcdserver: request timed out, possibly due to connection lost');
    case 'ok':
      return perform(parts, call);
  }
}

function perform<T>(parts: ClientParts, call: Call<T>): T {
  const value = call.perform();
  if (call.isWrite && call.write.resource.plural !== 'leases') parts.onWrite();
  return value;
}

function brokenConnection({ write, ref }: Call<unknown>): Error {
  const subject: CallSubject = { verb: write.verb, resource: write.resource, ...ref };
  return new KubeConnectionError('connection', subject, new Error('ECONNRESET'));
}

function listOf(
  { server, faults }: ClientParts,
  resource: Resource,
  { selects, isPaged }: { selects: (object: KubeObject) => boolean; isPaged: boolean },
): KubeList {
  if (faults.staleByMs === 0 || !isPaged) {
    const resourceVersion = String(server.resourceVersion);
    return { metadata: { resourceVersion }, items: server.list(resource).filter(selects) };
  }
  const asOf = server.resourceVersionAt(server.timeline.now - faults.staleByMs);
  return {
    metadata: { resourceVersion: String(asOf) },
    items: server.listAsOf(resource, asOf).filter(selects),
  };
}

async function* watch(
  parts: ClientParts,
  resource: Resource,
  options: WatchOptions,
): AsyncGenerator<WatchEvent> {
  const call = { actor: parts.process.name, verb: 'watch', resource } as const;
  const stream = await exchange(parts, {
    write: call,
    ref: {},
    options: { signal: options.signal },
    isWrite: false,
    isRepeatable: false,
    perform: () => {
      const resourceVersion = Number(options.resourceVersion);
      if (resourceVersion < parts.server.compactedTo) throw refusal(call, '', 410, 'Expired', 'too old');
      const opened = new WatchStream(
        { ...parts, resource, selection: options },
        { resourceVersion, timeoutMs: (options.timeoutSeconds ?? 300) * 1000, signal: options.signal },
      );
      parts.streams.add(opened);
      return opened;
    },
  });
  yield* stream;
}

/** Whole, or as PartialObjectMetadata tells it. */
function asAskedFor(
  object: KubeObject,
  { metadataOnly = false }: { metadataOnly?: boolean | undefined },
): KubeObject {
  const { apiVersion, kind, metadata } = object;
  return metadataOnly ? { apiVersion, kind, metadata } : object;
}

function nameOf(object: KubeObject): ObjectName {
  return { namespace: object.metadata.namespace, name: object.metadata.name ?? '' };
}
