// SPDX-License-Identifier: Apache-2.0
import { Agent, type Dispatcher } from 'undici';
import { guardedLookup, isRefusedAddress, RefusedAddressError } from './address-guard.ts';
import { DeadlineError, startDeadline } from './deadline.ts';

export interface HttpRequest {
  /** http or https, without user or password. */
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  /** From the start of the request to the last byte of the answer. */
  readonly timeoutMs: number;
  /** An answer with a longer body is refused, and no more of it is read. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** The way out to anything that is not the API server. */
export interface HttpPort {
  /**
   * Any status is an answer, redirects too: they are not followed. Throws HttpError when there is no usable answer,
   * and the signal's reason when it aborts.
   */
  fetchText(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** `refused`: the URL is one that must not be called. */
export type HttpFailure = 'timeout' | 'connection' | 'too-large' | 'refused';

/** No usable answer. The message names host and cause, never path, query, headers or body. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly failure: HttpFailure;

  constructor(failure: HttpFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

const CONNECT_TIMEOUT_MS = 5000;
const CONNECTIONS_PER_HOST = 8;

class TooLargeError extends Error {}

/** An HttpPort with its own connections. It never calls link-local addresses, whatever a name resolves to. */
export function createHttpPort(): HttpPort {
  const connect = { timeout: CONNECT_TIMEOUT_MS, allowH2: false, lookup: guardedLookup };
  const agent = new Agent({ connections: CONNECTIONS_PER_HOST, allowH2: false, pipelining: 1, connect });
  return {
    async fetchText(request) {
      const url = checkedUrl(request.url);
      const deadline = startDeadline(request.timeoutMs, request.signal);
      try {
        return await exchange(agent, url, { ...request, signal: deadline.signal });
      } catch (error) {
        if (request.signal?.aborted) throw request.signal.reason;
        throw httpErrorOf(error, url);
      } finally {
        deadline.clear();
      }
    },
    close: () => agent.destroy(),
  };
}

function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) throw new HttpError('refused', 'not a URL');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new HttpError('refused', `${url.protocol}//${url.host}: only http and https are called`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new HttpError('refused', `${url.protocol}//${url.host}: a URL must carry no user or password`);
  }
  if (isRefusedAddress(url.hostname.replace(/^\[|\]$/g, ''))) {
    throw new HttpError('refused', `${url.protocol}//${url.host}: ${url.hostname} is a link-local address`);
  }
  return url;
}

async function exchange(agent: Agent, url: URL, request: HttpRequest): Promise<HttpAnswer> {
  const answer = await agent.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: request.method,
    headers: { ...request.headers },
    body: request.body ?? null,
    signal: request.signal ?? null,
    headersTimeout: request.timeoutMs,
    bodyTimeout: request.timeoutMs,
  });
  return { status: answer.statusCode, body: await readCapped(answer.body, request.maxBytes) };
}

async function readCapped(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new TooLargeError(`the answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function httpErrorOf(error: unknown, url: URL): HttpError {
  const message = `${url.protocol}//${url.host}: ${error instanceof Error ? error.message : String(error)}`;
  return new HttpError(failureOf(error), message, { cause: error });
}

function failureOf(error: unknown): HttpFailure {
  if (error instanceof TooLargeError) return 'too-large';
  if (error instanceof RefusedAddressError) return 'refused';
  const isTimeout = error instanceof DeadlineError || (error instanceof Error && /Timeout/.test(error.name));
  return isTimeout ? 'timeout' : 'connection';
}
