// SPDX-License-Identifier: Apache-2.0
import type { ProbeOutcome } from '../../engine/analysis/probe-types.ts';
import type { CheckQuery, QueryError, Series } from '../../engine/analysis/query-types.ts';

export interface QueryOptions {
  /** From the start of the request to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What a provider said: the series, in its order, what a probe has found, or why there is nothing. */
export type MetricsAnswer =
  | { readonly outcome: ProbeOutcome }
  | { readonly series: readonly Series[]; readonly warnings: readonly string[] }
  | { readonly error: QueryError };

/** A system that can say what a number is now. */
export interface MetricsProvider {
  /**
   * Asks for the value of an expression now. A refusal, a bad answer and a time-out are answers with an
   * `error`; it throws only the signal's reason, when that aborts.
   */
  query(expression: string, options: QueryOptions): Promise<MetricsAnswer>;
}

/** A provider that may be asked now, with how long one query may take; or why there is none. */
export type ProviderLookup =
  | { readonly provider: MetricsProvider; readonly timeoutMs: number }
  | { readonly problem: QueryError };

/** Finds whom a query of an object of a namespace goes to, as things stand now. */
export type FindProvider = (query: CheckQuery, namespace: string) => ProviderLookup;

/** The clock as the sampler needs it. */
export interface SamplerClock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls `run` once after `ms`; the answer cancels it. */
  setTimer(ms: number, run: () => void): () => void;
}
