// SPDX-License-Identifier: Apache-2.0
import type { CheckQuery, QueryResult } from '../../engine/analysis/query-types.ts';
import { createSharedQuery, type SharedQuery } from './shared-query.ts';
import type { FindProvider, SamplerClock } from './types.ts';

export interface SamplerParts {
  readonly clock: SamplerClock;
  readonly providers: FindProvider;
  /** Called after each new answer, once for every owner that wants its query. Must not throw. */
  readonly onResult: (owner: string) => void;
}

/** Keeps asking what somebody wants to know. Whatever goes wrong is an answer; nothing here throws. */
export interface Sampler {
  /**
   * Replaces all that an owner, "<namespace>/<name>", wants. A query that nobody wanted before is asked at once, then
   * every interval from start to start, never twice at a time; one that nobody wants any more is stopped and
   * forgotten. Owners with an equal key share one question and its answers.
   */
  want(owner: string, queries: readonly CheckQuery[]): void;
  /** The newest answers to what the owner wants; a query without an answer yet is absent. */
  latest(owner: string): readonly QueryResult[];
  /** As `want` of nothing. */
  forget(owner: string): void;
  /** Ends everything for good. */
  stop(): void;
}

export function createSampler(parts: SamplerParts): Sampler {
  const shared = new Map<string, SharedQuery>();
  const wanted = new Map<string, readonly string[]>();
  let isStopped = false;

  function want(owner: string, queries: readonly CheckQuery[]): void {
    if (isStopped) return;
    const byKey = new Map(queries.map((query) => [query.key, query]));
    for (const key of wanted.get(owner) ?? []) if (!byKey.has(key)) leave(owner, key);
    if (byKey.size === 0) wanted.delete(owner);
    else wanted.set(owner, [...byKey.keys()]);
    for (const query of byKey.values()) join(owner, query);
  }

  function join(owner: string, query: CheckQuery): void {
    const known = shared.get(query.key);
    const one = known ?? createSharedQuery({ ...parts, query });
    if (!known) shared.set(query.key, one);
    one.join(owner);
  }

  function leave(owner: string, key: string): void {
    const one = shared.get(key);
    one?.leave(owner);
    if (one?.hasOwners() === false) shared.delete(key);
  }

  function latest(owner: string): readonly QueryResult[] {
    return (wanted.get(owner) ?? []).flatMap((key) => shared.get(key)?.latestFor(owner) ?? []);
  }

  function stop(): void {
    isStopped = true;
    for (const one of shared.values()) one.stop();
    shared.clear();
    wanted.clear();
  }

  return { want, latest, forget: (owner) => want(owner, []), stop };
}
