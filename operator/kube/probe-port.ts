// SPDX-License-Identifier: Apache-2.0
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect, isIP, type Socket } from 'node:net';
import { isNoPodAddress } from './address-guard.ts';
import { DeadlineError, startDeadline } from './deadline.ts';

/** A port of a pod. */
export interface PodSocket {
  /** An IP address; names are refused, so that nothing is ever looked up. */
  readonly address: string;
  readonly port: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface PodRequest extends PodSocket {
  readonly scheme: 'http' | 'https';
  /** Path and query, beginning with "/". */
  readonly path: string;
}

export interface PodAnswer {
  readonly status: number;
  /** At most 64 KiB of it; more is not read. */
  readonly body: string;
}

/** The way to the pods of a release, a new connection for each call. */
export interface ProbePort {
  /**
   * GET without credentials. Any code is an answer, redirects too: they are not followed. As for the kubelet, a
   * certificate is not checked. Throws ProbeError, and the signal's reason when that aborts.
   */
  get(request: PodRequest): Promise<PodAnswer>;
  /** Resolves when the pod has accepted a connection, which is closed again. Throws as get does. */
  connect(socket: PodSocket): Promise<void>;
}

/**
 * `refused`, `broken` and `slow` speak of a pod that was reached; `unreachable` says that no way leads to it from here,
 * and `forbidden` that its address is none of a pod, and nothing was sent.
 */
export type ProbeFailure = 'refused' | 'broken' | 'slow' | 'unreachable' | 'forbidden';

/** No answer. The message says why, without address and path. */
export class ProbeError extends Error {
  override readonly name = 'ProbeError';
  readonly failure: ProbeFailure;

  constructor(failure: ProbeFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

const MAX_BODY_BYTES = 65_536;
const HEADERS = { accept: '*/*', 'user-agent': 'headway-probe', connection: 'close' };

/** `isForbidden`: addresses that no pod has; a test may allow its own. */
export function createProbePort(isForbidden: (address: string) => boolean = isNoPodAddress): ProbePort {
  function checked(socket: PodSocket): void {
    if (isIP(socket.address) === 0 || isForbidden(socket.address))
      throw new ProbeError('forbidden', `${socket.address} is no address of a pod`);
  }

  return {
    async get(request) {
      checked(request);
      return withDeadline(request, (signal, onSocket) => fetchOnce(request, signal, onSocket));
    },
    async connect(socket) {
      checked(socket);
      await withDeadline(socket, (signal, onSocket) => connectOnce(socket, signal, onSocket));
    },
  };
}

type Attempt<T> = (signal: AbortSignal, onSocket: (socket: Socket) => void) => Promise<T>;

async function withDeadline<T>({ timeoutMs, signal }: PodSocket, attempt: Attempt<T>): Promise<T> {
  const deadline = startDeadline(timeoutMs, signal);
  let isConnected = false;
  const onSocket = (socket: Socket): void => {
    socket.once('connect', () => {
      isConnected = true;
    });
  };
  try {
    return await attempt(deadline.signal, onSocket);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    const isLate = deadline.signal.aborted && deadline.signal.reason instanceof DeadlineError;
    throw isLate ? lateError(isConnected, timeoutMs) : probeErrorOf(error, isConnected);
  } finally {
    deadline.clear();
  }
}

/** A kernel accepts connections for a process that hangs; what is not even accepted is kept away by something between. */
function lateError(isConnected: boolean, timeoutMs: number): ProbeError {
  return isConnected
    ? new ProbeError('slow', `did not answer within ${timeoutMs} ms`)
    : new ProbeError(
        'unreachable',
        `cannot be reached from the operator (no connection within ${timeoutMs} ms)`,
      );
}

const NO_WAY: readonly string[] = [
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
  'ETIMEDOUT',
];

function probeErrorOf(cause: unknown, isConnected: boolean): ProbeError {
  const code = codeOf(cause);
  if (code === 'ECONNREFUSED') return new ProbeError('refused', 'refused the connection', { cause });
  if (isConnected) return new ProbeError('broken', `broke the connection (${code})`, { cause });
  const message = `cannot be reached from the operator (${code})`;
  return new ProbeError(NO_WAY.includes(code) ? 'unreachable' : 'broken', message, { cause });
}

function codeOf(error: unknown): string {
  const code: unknown =
    typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'no reason given';
}

function fetchOnce(
  { scheme, address, port, path }: PodRequest,
  signal: AbortSignal,
  onSocket: (socket: Socket) => void,
): Promise<PodAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<PodAnswer>();
  const options = {
    host: address,
    port,
    path,
    headers: HEADERS,
    agent: false,
    signal,
    rejectUnauthorized: false,
  };
  const send = scheme === 'https' ? requestHttps : requestHttp;
  const request = send(options, (answer) => {
    readBody(answer).then((body) => {
      resolve({ status: answer.statusCode ?? 0, body });
      request.destroy();
    }, reject);
  });
  request.on('socket', onSocket);
  request.on('error', reject);
  request.end();
  return promise;
}

async function readBody(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes >= MAX_BODY_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString('utf8');
}

function connectOnce(
  { address, port }: PodSocket,
  signal: AbortSignal,
  onSocket: (socket: Socket) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host: address, port, signal });
  onSocket(socket);
  socket.once('connect', () => {
    resolve();
    socket.destroy();
  });
  socket.on('error', reject);
  return promise;
}
