// SPDX-License-Identifier: Apache-2.0
import type {
  AppliedObject,
  ApplyOptions,
  CallOptions,
  DeleteOptions,
  JsonPatch,
  ListOptions,
  MergePatch,
  MetadataOption,
  WatchOptions,
  WriteOptions,
} from './client.ts';
import type { KubeVerb } from './errors.ts';
import type { KubeObject, ObjectName } from './objects.ts';
import { apiVersionOf, collectionPath, objectPath, type Resource } from './resources.ts';
import type { TransportRequest } from './transport.ts';

/** Recorded in managedFields when the caller names nobody. */
const DEFAULT_FIELD_MANAGER = 'headway';

const JSON_TYPE = 'application/json';

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#alternate-representations-of-resources */
const METADATA_TYPE = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const METADATA_LIST_TYPE = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

type QueryValues = Readonly<Record<string, string | number | boolean | undefined>>;

/** Leaves out what is absent, '' or false: to the API server these all mean the default. */
function queryOf(values: QueryValues): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '' && value !== false) query.set(name, String(value));
  }
  return query;
}

function writeQuery(options: WriteOptions, force = false): URLSearchParams {
  const fieldManager = options.fieldManager ?? DEFAULT_FIELD_MANAGER;
  return queryOf({ fieldManager, force, dryRun: options.dryRun ? 'All' : undefined });
}

/** `GET` of one object. */
export function getRequest(
  resource: Resource,
  ref: ObjectName,
  options: CallOptions & MetadataOption,
): TransportRequest {
  const subject = { ...addressOf(ref), verb: 'get', resource } as const;
  const accept = options.metadataOnly ? METADATA_TYPE : undefined;
  return { method: 'GET', path: objectPath(resource, ref), accept, subject, repeatable: true, options };
}

/** `GET` of one page of a collection. */
export function listRequest(resource: Resource, options: ListOptions): TransportRequest {
  const { namespace, labelSelector, fieldSelector, limit } = options;
  return {
    method: 'GET',
    path: collectionPath(resource, namespace),
    query: queryOf({ labelSelector, fieldSelector, limit, continue: options.continue }),
    accept: options.metadataOnly ? METADATA_LIST_TYPE : undefined,
    subject: { verb: 'list', resource, namespace },
    repeatable: true,
    options,
  };
}

/** `GET` of the stream of changes, with bookmarks. */
export function watchRequest(resource: Resource, options: WatchOptions): TransportRequest {
  const { namespace, labelSelector, fieldSelector, resourceVersion, timeoutSeconds } = options;
  const selection = { labelSelector, fieldSelector, resourceVersion, timeoutSeconds };
  return {
    method: 'GET',
    path: collectionPath(resource, namespace),
    query: queryOf({ watch: true, allowWatchBookmarks: true, ...selection }),
    accept: options.metadataOnly ? METADATA_TYPE : undefined,
    subject: { verb: 'watch', resource, namespace },
    repeatable: false,
    options: { signal: options.signal },
  };
}

/** `POST` of a new object. */
export function createRequest(
  resource: Resource,
  object: KubeObject,
  options: WriteOptions,
): TransportRequest {
  const ref = nameOf(object);
  return {
    method: 'POST',
    path: collectionPath(resource, ref.namespace),
    query: writeQuery(options),
    body: JSON.stringify(object),
    contentType: JSON_TYPE,
    subject: { ...addressOf(ref), verb: 'create', resource },
    repeatable: false,
    options,
  };
}

/** `PUT` of a whole object. */
export function updateRequest(
  resource: Resource,
  object: KubeObject,
  options: WriteOptions,
): TransportRequest {
  const body = JSON.stringify(object);
  return writeRequest('update', { resource, ref: nameOf(object) }, { body, type: JSON_TYPE }, options);
}

/** Server-side apply. JSON is valid YAML, so the content type that the server wants is honest. */
export function applyRequest(
  resource: Resource,
  object: AppliedObject,
  options: ApplyOptions,
): TransportRequest {
  const { name, namespace } = object.metadata;
  const body = JSON.stringify({ apiVersion: apiVersionOf(resource), kind: resource.kind, ...object });
  const content = { body, type: 'application/apply-patch+yaml', force: options.force ?? false };
  return writeRequest('apply', { resource, ref: { namespace, name } }, content, options);
}

/** `PATCH` by RFC 6902. */
export function jsonPatchRequest(resource: Resource, ref: ObjectName, change: JsonPatch): TransportRequest {
  const content = { body: JSON.stringify(change.operations), type: 'application/json-patch+json' };
  return writeRequest('jsonPatch', { resource, ref }, content, change);
}

/** `PATCH` by RFC 7386. */
export function mergePatchRequest(resource: Resource, ref: ObjectName, change: MergePatch): TransportRequest {
  const content = { body: JSON.stringify(change.patch), type: 'application/merge-patch+json' };
  return writeRequest('mergePatch', { resource, ref }, content, change);
}

/** `DELETE` with preconditions. */
export function deleteRequest(resource: Resource, ref: ObjectName, options: DeleteOptions): TransportRequest {
  const { uid, resourceVersion, propagationPolicy, gracePeriodSeconds } = options;
  const preconditions =
    uid === undefined && resourceVersion === undefined ? undefined : { uid, resourceVersion };
  const deleteOptions = { propagationPolicy, gracePeriodSeconds, preconditions };
  return {
    method: 'DELETE',
    path: objectPath(resource, ref),
    query: queryOf({ dryRun: options.dryRun ? 'All' : undefined }),
    body: JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', ...deleteOptions }),
    contentType: JSON_TYPE,
    subject: { ...addressOf(ref), verb: 'delete', resource },
    repeatable: true,
    options,
  };
}

/** Any path, such as `/version`. */
export function rawRequest(
  method: 'GET' | 'POST',
  path: string,
  options: CallOptions & { body?: unknown },
): TransportRequest {
  const body = options.body === undefined ? undefined : JSON.stringify(options.body);
  const contentType = body === undefined ? undefined : JSON_TYPE;
  return { method, path, body, contentType, subject: { verb: 'raw' }, repeatable: method === 'GET', options };
}

interface Target {
  readonly resource: Resource;
  readonly ref: ObjectName;
}

interface Content {
  readonly body: string;
  readonly type: string;
  readonly force?: boolean;
}

function writeRequest(
  verb: KubeVerb,
  target: Target,
  content: Content,
  options: WriteOptions,
): TransportRequest {
  const { resource, ref } = target;
  const { subresource } = options;
  return {
    method: verb === 'update' ? 'PUT' : 'PATCH',
    path: objectPath(resource, ref, subresource),
    query: writeQuery(options, content.force),
    body: content.body,
    contentType: content.type,
    subject: { ...addressOf(ref), verb, resource, subresource },
    repeatable: verb === 'apply',
    options,
  };
}

/** A reference may be any object with a name, and nothing else of it is part of the call. */
function addressOf({ namespace, name }: ObjectName): ObjectName {
  return { namespace, name };
}

function nameOf(object: KubeObject): ObjectName {
  return { namespace: object.metadata.namespace, name: object.metadata.name ?? '' };
}
