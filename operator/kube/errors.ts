// SPDX-License-Identifier: Apache-2.0
import { resourceName, type Resource } from './resources.ts';

/** The calls of KubeClient, as labels of metrics. RBAC calls the last three `patch`. */
export type KubeVerb =
  | 'get'
  | 'list'
  | 'watch'
  | 'create'
  | 'update'
  | 'delete'
  | 'raw'
  | 'apply'
  | 'jsonPatch'
  | 'mergePatch';

/** What was asked for when an error came back. */
export interface CallSubject {
  readonly verb: KubeVerb;
  readonly resource?: Resource | undefined;
  readonly subresource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** One field that the API server found wrong, from `status.details.causes`. */
interface ErrorCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** The part of a `Status` object's `details` that callers use. */
export interface ErrorDetails {
  readonly name?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly ErrorCause[];
  readonly retryAfterSeconds?: number;
}

interface KubeApiErrorFields extends CallSubject {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  readonly retryAfterMs?: number | undefined;
  readonly details?: ErrorDetails | undefined;
}

/**
 * The API server answered, and the answer was no.
 * `status` is the HTTP code, `reason` the machine word of the `Status` object (`NotFound`, `Conflict`, ...; ''
 * when the body was no `Status`), `message` the server's own sentence. `retryAfterMs` is present only when the
 * server asked for a wait. Made nowhere but in kube/.
 */
export class KubeApiError extends Error {
  override readonly name = 'KubeApiError';
  readonly status: number;
  readonly reason: string;
  readonly retryAfterMs: number | undefined;
  readonly details: ErrorDetails | undefined;
  readonly verb: KubeVerb;
  readonly resource: Resource | undefined;
  readonly subresource: string | undefined;
  readonly namespace: string | undefined;
  readonly objectName: string | undefined;

  constructor(fields: KubeApiErrorFields) {
    super(fields.message);
    this.status = fields.status;
    this.reason = fields.reason;
    this.retryAfterMs = fields.retryAfterMs;
    this.details = fields.details;
    this.verb = fields.verb;
    this.resource = fields.resource;
    this.subresource = fields.subresource;
    this.namespace = fields.namespace;
    this.objectName = fields.name;
  }
}

/** Why no answer came: nothing arrived in time, the connection failed, or the answer was not what HTTP allows. */
export type ConnectionFailure = 'timeout' | 'connection' | 'protocol';

/** No answer came from the API server. A write may or may not have been applied. */
export class KubeConnectionError extends Error {
  override readonly name = 'KubeConnectionError';
  readonly failure: ConnectionFailure;
  readonly verb: KubeVerb;
  readonly resource: Resource | undefined;

  constructor(failure: ConnectionFailure, subject: CallSubject, cause: unknown) {
    super(`${describeCall(subject)}: ${causeMessage(cause)}`, { cause });
    this.failure = failure;
    this.verb = subject.verb;
    this.resource = subject.resource;
  }
}

const PATCH_VERBS: ReadonlySet<KubeVerb> = new Set(['apply', 'jsonPatch', 'mergePatch']);

/** `patch canaries.headway.dev/status in namespace shop`: the call as an RBAC rule would name it, for messages. */
export function describeCall(subject: CallSubject): string {
  const verb = PATCH_VERBS.has(subject.verb) ? 'patch' : subject.verb;
  if (!subject.resource) return verb;
  const what = `${resourceName(subject.resource)}${subject.subresource ? `/${subject.subresource}` : ''}`;
  return `${verb} ${what}${subject.namespace ? ` in namespace ${subject.namespace}` : ''}`;
}

function causeMessage(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

interface StatusBody {
  kind?: unknown;
  code?: unknown;
  reason?: unknown;
  message?: unknown;
  details?: ErrorDetails;
}

interface RefusedAnswer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter?: string | undefined;
}

/**
 * Turns a refused answer into a KubeApiError. The wait comes from the `Retry-After` header (whole seconds, as the
 * API server sends it) or, for an answer without one, from `details.retryAfterSeconds`.
 */
export function decodeApiError(subject: CallSubject, answer: RefusedAnswer): KubeApiError {
  const status = parseStatusBody(answer.body);
  const details = status?.details;
  return new KubeApiError({
    ...subject,
    status: answer.status,
    reason: typeof status?.reason === 'string' ? status.reason : '',
    message: messageOf(status, answer),
    retryAfterMs: parseRetryAfter(answer.retryAfter, details),
    details,
  });
}

/** Turns the object of an `ERROR` watch event into a KubeApiError. */
export function decodeWatchError(subject: CallSubject, object: unknown): KubeApiError {
  const body = JSON.stringify(object) ?? '';
  const code = parseStatusBody(body)?.code;
  return decodeApiError(subject, { status: typeof code === 'number' ? code : 500, body });
}

function parseStatusBody(body: string): StatusBody | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    const isStatus =
      typeof parsed === 'object' && parsed !== null && 'kind' in parsed && parsed.kind === 'Status';
    return isStatus ? parsed : undefined;
  } catch {
    return undefined; // a proxy's HTML page, or nothing: the HTTP code says all there is
  }
}

function messageOf(status: StatusBody | undefined, answer: RefusedAnswer): string {
  if (typeof status?.message === 'string' && status.message !== '') return status.message;
  const text = answer.body.trim().slice(0, 200);
  return text === '' ? `HTTP ${answer.status}` : `HTTP ${answer.status}: ${text}`;
}

function parseRetryAfter(header: string | undefined, details: ErrorDetails | undefined): number | undefined {
  const seconds = header === undefined ? details?.retryAfterSeconds : Number(header);
  if (seconds === undefined || !Number.isFinite(seconds) || seconds < 0) return undefined;
  return seconds * 1000;
}

/** A refusal with this HTTP code. */
export type KubeApiErrorOf<S extends number> = KubeApiError & { readonly status: S };

function hasStatus<S extends number>(error: unknown, status: S): error is KubeApiErrorOf<S> {
  return error instanceof KubeApiError && error.status === status;
}

/** 404: no such object, or no such resource (its CRD is absent). */
export function isNotFound(error: unknown): error is KubeApiErrorOf<404> {
  return hasStatus(error, 404);
}

/** No answer came, or a 5xx: the write that was tried may have been applied. */
export function isInDoubt(error: unknown): boolean {
  if (error instanceof KubeConnectionError) return true;
  return error instanceof KubeApiError && error.status >= 500;
}

/** The API server is away or overloaded: no answer, a 5xx or a 429. Nobody's own fault, and it ends by itself. */
export function isOutage(error: unknown): boolean {
  return isInDoubt(error) || isTooManyRequests(error);
}

/** 409 that is not AlreadyExists: the object changed since it was read, or a field belongs to another manager. */
export function isConflict(error: unknown): error is KubeApiErrorOf<409> {
  return hasStatus(error, 409) && error.reason !== 'AlreadyExists';
}

/** 409 on create: the name is taken. */
export function isAlreadyExists(error: unknown): error is KubeApiErrorOf<409> {
  return hasStatus(error, 409) && error.reason === 'AlreadyExists';
}

/** 403: RBAC, quota or admission said no. */
export function isForbidden(error: unknown): error is KubeApiErrorOf<403> {
  return hasStatus(error, 403);
}

/** 422: the object is not valid, or a `test` of a JSON Patch did not hold. */
export function isInvalid(error: unknown): error is KubeApiErrorOf<422> {
  return hasStatus(error, 422);
}

/**
 * 422 of a JSON Patch that could not be carried out on the object as it is now: a `test` did not hold, or a path is gone.
 * Somebody was faster; the object was not even looked at. One that was, and is not valid, is named in the details.
 */
export function isFailedTest(error: unknown): error is KubeApiErrorOf<422> {
  if (!isInvalid(error) || error.verb !== 'jsonPatch') return false;
  return error.details?.name === undefined && (error.details?.causes ?? []).length === 0;
}

/** 410: the resourceVersion or the continue token is too old. */
export function isGone(error: unknown): error is KubeApiErrorOf<410> {
  return hasStatus(error, 410);
}

/** 429: the API server asks for patience. */
export function isTooManyRequests(error: unknown): error is KubeApiErrorOf<429> {
  return hasStatus(error, 429);
}
