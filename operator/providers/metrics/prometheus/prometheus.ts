// SPDX-License-Identifier: Apache-2.0
import { formatDuration } from '../../../api/duration.ts';
import type { QueryError } from '../../../engine/analysis/query-types.ts';
import { HttpError, type HttpFailure, type HttpPort } from '../../../kube/http.ts';
import type { MetricsProvider, QueryOptions } from '../types.ts';
import { readAnswer } from './answer.ts';

/** A longer answer is refused: a query that judges a canary yields a handful of numbers. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Prometheus and what speaks like it, at a base address without a slash at its end or with one. Instant queries by
 * POST, so that a query may be long. Redirects are not followed. Errors never name the address.
 */
export function createPrometheus(address: string, http: Pick<HttpPort, 'fetchText'>): MetricsProvider {
  const url = `${address.replace(/\/+$/, '')}/api/v1/query`;
  return {
    async query(expression, options) {
      try {
        return readAnswer(await ask(http, url, { expression, ...options }), options.timeoutMs);
      } catch (error) {
        if (options.signal?.aborted) throw error;
        return { error: errorOf(error, options.timeoutMs) };
      }
    },
  };
}

interface Question extends QueryOptions {
  readonly expression: string;
}

function ask(http: Pick<HttpPort, 'fetchText'>, url: string, { expression, timeoutMs, signal }: Question) {
  const form = new URLSearchParams({ query: expression, timeout: `${timeoutMs}ms` });
  return http.fetchText({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: form.toString(),
    timeoutMs,
    maxBytes: MAX_ANSWER_BYTES,
    signal,
  });
}

function errorOf(error: unknown, timeoutMs: number): QueryError {
  const failure = error instanceof HttpError ? error.failure : 'connection';
  return {
    kind: failure === 'refused' ? 'connection' : failure,
    detail: detailOf(failure, error, timeoutMs),
  };
}

function detailOf(failure: HttpFailure, error: unknown, timeoutMs: number): string {
  switch (failure) {
    case 'timeout':
      return `no answer in ${formatDuration(timeoutMs)}`;
    case 'too-large':
      return 'the answer is larger than 1 MiB';
    case 'refused':
      return 'its address must not be called';
    case 'connection':
      return WORDS_OF_CODE[codeOf(error) ?? ''] ?? 'connection failed';
  }
}

const WORDS_OF_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  UND_ERR_SOCKET: 'connection reset',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
};

/** The first system error code along the causes of an error, or among the errors of several attempts. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  const inner: unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  return [...inner, 'cause' in error ? error.cause : undefined]
    .map(codeOf)
    .find((code) => code !== undefined);
}
