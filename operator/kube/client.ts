// SPDX-License-Identifier: Apache-2.0
import type { KubeVerb } from './errors.ts';
import type { JsonPatchOperation, KubeList, KubeObject, ObjectName, WatchEvent } from './objects.ts';
import type { Resource } from './resources.ts';

/** Options of every call. */
export interface CallOptions {
  /** How long one attempt may take until headers and then until the whole body is here. Default 30 000 ms. */
  readonly timeoutMs?: number | undefined;
  /** Ends the call, and any wait between attempts, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called synchronously right before each attempt goes out; what it throws ends the call unsent. */
  readonly beforeSend?: (() => void) | undefined;
}

/** Options of reads whose content does not matter. */
export interface MetadataOption {
  /** The server sends metadata alone (PartialObjectMetadata), however large the objects are. */
  readonly metadataOnly?: boolean | undefined;
}

export interface WriteOptions extends CallOptions {
  /** The server validates and admits the write and answers as usual, but stores nothing. */
  readonly dryRun?: boolean | undefined;
  /** Who is recorded in managedFields. Default `headway`. */
  readonly fieldManager?: string | undefined;
  readonly subresource?: 'status' | 'scale' | undefined;
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  /** Takes fields over from other managers. Without it a field of another manager is a 409. */
  readonly force?: boolean | undefined;
}

export interface DeleteOptions extends CallOptions {
  readonly dryRun?: boolean | undefined;
  /** Preconditions: the delete is a 409 unless the live object has this uid and this resourceVersion. */
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly propagationPolicy?: 'Foreground' | 'Background' | 'Orphan' | undefined;
  readonly gracePeriodSeconds?: number | undefined;
}

/** Which objects: of one namespace or all, by label and field selector. */
export interface Selection {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

export interface ListOptions extends CallOptions, Selection, MetadataOption {
  /** Page size. Absent: the server sends everything at once. */
  readonly limit?: number | undefined;
  readonly continue?: string | undefined;
}

export interface WatchOptions extends Selection, MetadataOption {
  /** Where to start. Absent: the server first sends everything that exists. */
  readonly resourceVersion?: string | undefined;
  /** After this many seconds the server ends the watch in good order. */
  readonly timeoutSeconds?: number | undefined;
  /** Closes the socket. The iteration then ends by throwing the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The API server over raw JSON: what comes in goes out unchanged, no field dropped, no type converted.
 *
 * A refusal throws KubeApiError, no answer throws KubeConnectionError. Attempts are repeated at most twice: after
 * a 429 for every verb (the server did not act), after a 503 or a broken connection only for get, list, apply and
 * delete, which may be repeated without a second effect. `Retry-After` up to 10 s is waited for; a longer one is
 * left to the caller in `retryAfterMs`. All calls share one pool of keep-alive connections, each watch has its own.
 */
export interface KubeClient {
  get<T extends KubeObject = KubeObject>(
    resource: Resource,
    ref: ObjectName,
    options?: CallOptions & MetadataOption,
  ): Promise<T>;

  /** One page. A caller that wants all pages asks again with `metadata.continue`, or uses listAll. */
  list<T extends KubeObject = KubeObject>(resource: Resource, options?: ListOptions): Promise<KubeList<T>>;

  /** Namespace and name come from `object.metadata`. */
  create<T extends KubeObject = KubeObject>(
    resource: Resource,
    object: T,
    options?: WriteOptions,
  ): Promise<T>;

  /** PUT of the whole object; with `metadata.resourceVersion` set it is a 409 when the object has changed. */
  update<T extends KubeObject = KubeObject>(
    resource: Resource,
    object: T,
    options?: WriteOptions,
  ): Promise<T>;

  /** Resolves with the server's answer: the object while it is still being deleted, else a `Status`. */
  delete(resource: Resource, ref: ObjectName, options?: DeleteOptions): Promise<KubeObject>;

  /** Server-side apply of exactly the fields in `object`. apiVersion and kind are filled in from the resource. */
  apply<T extends KubeObject = KubeObject>(
    resource: Resource,
    object: AppliedObject,
    options: ApplyOptions,
  ): Promise<T>;

  /** RFC 6902. A `test` that does not hold is a 422 (isInvalid) and nothing is changed. */
  jsonPatch<T extends KubeObject = KubeObject>(
    resource: Resource,
    ref: ObjectName,
    change: JsonPatch,
  ): Promise<T>;

  /** RFC 7386. */
  mergePatch<T extends KubeObject = KubeObject>(
    resource: Resource,
    ref: ObjectName,
    change: MergePatch,
  ): Promise<T>;

  /**
   * Streams a watch. The iteration ends when the server ends the stream, throws KubeApiError when the watch is
   * refused, KubeConnectionError when the stream breaks. `ERROR` events are handed out like any other.
   */
  watch(resource: Resource, options?: WatchOptions): AsyncIterable<WatchEvent>;

  /** The text of any path, such as `/version` or `/readyz`. */
  raw(method: 'GET' | 'POST', path: string, options?: CallOptions & { body?: unknown }): Promise<string>;

  /** Ends every connection; calls in flight fail. The client cannot be used afterwards. */
  close(): Promise<void>;
}

/** What server-side apply sends: the fields to own, named by metadata. */
export interface AppliedObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

export interface JsonPatch extends WriteOptions {
  readonly operations: readonly JsonPatchOperation[];
}

export interface MergePatch extends WriteOptions {
  readonly patch: Readonly<Record<string, unknown>>;
}

/**
 * Told after every attempt. `kind` is '' for raw; `status` is the HTTP code as text, or `timeout`, `connection`,
 * `protocol` or `aborted`. A watch is told when its headers are here.
 */
export type CallObserver = (verb: KubeVerb, kind: string, status: string, seconds: number) => void;
