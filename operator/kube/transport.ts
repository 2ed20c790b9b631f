// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { type Agents, createPools } from './agents.ts';
import type { CallObserver, CallOptions } from './client.ts';
import type { Credentials, Identity } from './credentials.ts';
import { startDeadline } from './deadline.ts';
import { type CallSubject, decodeApiError, KubeApiError } from './errors.ts';
import { decodeFailure, statusLabel } from './failures.ts';
import { retryDelayMs } from './retry.ts';

/** One call, ready to be sent. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: URLSearchParams | undefined;
  readonly body?: string | undefined;
  readonly contentType?: string | undefined;
  /** Default: JSON of the whole object. */
  readonly accept?: string | undefined;
  readonly subject: CallSubject;
  /** A second attempt has no second effect. */
  readonly repeatable: boolean;
  readonly options: CallOptions;
}

type ResponseBody = Dispatcher.ResponseData['body'];

/** Sends calls on one pool of connections and turns what goes wrong into kube/'s errors. */
export interface Transport {
  /** The text of a 2xx answer. */
  send(request: TransportRequest): Promise<string>;
  /** The body of a 2xx answer as it arrives, on a connection of its own. Not repeated. */
  open(request: TransportRequest): Promise<ResponseBody>;
  close(): Promise<void>;
}

export interface TransportParts {
  readonly credentials: Credentials;
  /** How many connections the calls share at most. */
  readonly connections: number;
  readonly userAgent: string;
  readonly observe?: CallObserver | undefined;
}

interface Answer<T> {
  readonly status: number;
  readonly value: T;
}

/** What an attempt is made of: the pools to use and what to hand to undici. */
interface Outgoing {
  readonly agents: Agents;
  readonly options: Dispatcher.RequestOptions;
}

type Exchange<T> = (outgoing: Outgoing, request: TransportRequest) => Promise<Answer<T>>;

const DEFAULT_TIMEOUT_MS = 30_000;

/** A Transport for one cluster and one identity. Connections are made when the first call needs them. */
export function createTransport(parts: TransportParts): Transport {
  const { credentials } = parts;
  const pools = createPools(credentials, parts.connections);

  async function prepare(request: TransportRequest): Promise<Outgoing> {
    const identity = await credentials.current();
    const agents = pools.agentsFor(identity);
    request.options.beforeSend?.();
    const options: Dispatcher.RequestOptions = {
      origin: credentials.origin,
      path: `${credentials.basePath}${request.path}${queryText(request.query)}`,
      method: request.method,
      headers: headersOf(request, identity, parts.userAgent),
      body: request.body ?? null,
      headersTimeout: timeoutOf(request),
    };
    return { agents, options };
  }

  async function attempt<T>(request: TransportRequest, exchange: Exchange<T>): Promise<T> {
    const outgoing = await prepare(request);
    const startMs = performance.now();
    let label = '';
    try {
      const answer = await exchange(outgoing, request);
      label = String(answer.status);
      return answer.value;
    } catch (thrown) {
      const error = decodeFailure(thrown, request.subject, request.options.signal);
      label = statusLabel(error);
      throw error;
    } finally {
      const { verb, resource } = request.subject;
      parts.observe?.(verb, resource?.kind ?? '', label, (performance.now() - startMs) / 1000);
    }
  }

  async function send(request: TransportRequest): Promise<string> {
    for (let count = 1; ; count++) {
      try {
        return await attempt(request, exchangeWhole);
      } catch (error) {
        const waitMs = retryDelayMs(error, count, request.repeatable);
        if (waitMs === undefined) throw error;
        if (error instanceof KubeApiError && error.status === 401) credentials.forget();
        await pause(waitMs, request.options.signal);
      }
    }
  }

  return {
    send,
    open: (request) => attempt(request, exchangeStream),
    close: () => pools.close(),
  };
}

async function exchangeWhole(
  { agents, options }: Outgoing,
  request: TransportRequest,
): Promise<Answer<string>> {
  const deadline = startDeadline(timeoutOf(request), request.options.signal);
  try {
    const bodyTimeout = timeoutOf(request);
    const answer = await agents.calls.request({ ...options, signal: deadline.signal, bodyTimeout });
    const value = await answer.body.text();
    if (!isSuccess(answer)) throw refusalOf(request, answer, value);
    return { status: answer.statusCode, value };
  } finally {
    deadline.clear();
  }
}

async function exchangeStream(
  { agents, options }: Outgoing,
  request: TransportRequest,
): Promise<Answer<ResponseBody>> {
  const signal = request.options.signal ?? null;
  const answer = await agents.watches.request({ ...options, signal, bodyTimeout: 0 });
  if (!isSuccess(answer)) throw refusalOf(request, answer, await answer.body.text());
  return { status: answer.statusCode, value: answer.body };
}

function isSuccess(answer: Dispatcher.ResponseData): boolean {
  return answer.statusCode >= 200 && answer.statusCode < 300;
}

function refusalOf(request: TransportRequest, answer: Dispatcher.ResponseData, body: string): KubeApiError {
  const header = answer.headers['retry-after'];
  const retryAfter = Array.isArray(header) ? header[0] : header;
  return decodeApiError(request.subject, { status: answer.statusCode, body, retryAfter });
}

function timeoutOf(request: TransportRequest): number {
  return request.options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
}

function queryText(query: URLSearchParams | undefined): string {
  return query === undefined || query.size === 0 ? '' : `?${query.toString()}`;
}

function headersOf(request: TransportRequest, identity: Identity, userAgent: string): Record<string, string> {
  const headers: Record<string, string> = {
    accept: request.accept ?? 'application/json',
    'user-agent': userAgent,
    ...identity.headers,
  };
  if (request.contentType !== undefined) headers['content-type'] = request.contentType;
  return headers;
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal ? { signal } : {});
  } catch (error) {
    throw signal?.reason ?? error;
  }
}
