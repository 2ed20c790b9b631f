// SPDX-License-Identifier: Apache-2.0
import type { CheckQuery, QueryError, QueryResult } from '../../engine/analysis/query-types.ts';
import { createQueryLoop } from './query-loop.ts';
import type { FindProvider, ProviderLookup, SamplerClock } from './types.ts';

export interface SharedQueryParts {
  readonly query: CheckQuery;
  readonly clock: SamplerClock;
  readonly providers: FindProvider;
  readonly onResult: (owner: string) => void;
}

/** One question that several owners want to know the answer of. */
export interface SharedQuery {
  /** The first owner starts the asking; one that may not ask gets its refusal, not the answer of the others. */
  join(owner: string): void;
  /** The last owner ends the asking. */
  leave(owner: string): void;
  hasOwners(): boolean;
  /** The newest answer for an owner. */
  latestFor(owner: string): QueryResult | undefined;
  stop(): void;
}

export function createSharedQuery({ query, clock, providers, onResult }: SharedQueryParts): SharedQuery {
  const owners = new Set<string>();
  const refused = new Map<string, QueryResult>();
  let shared: QueryResult | undefined;
  const loop = createQueryLoop({
    clock,
    intervalMs: query.intervalMs,
    expression: query.expression,
    find: findAnew,
    onAnswer: (atMs, answer) => {
      shared = { key: query.key, atMs, ...answer };
      for (const owner of owners) onResult(owner);
    },
  });

  /** Every time and for each owner: a provider may come, go, and change whom it allows. */
  function findAnew(): ProviderLookup | undefined {
    const lookups = [...owners].map(lookUp);
    return lookups.find((lookup) => 'provider' in lookup) ?? lookups[0];
  }

  function lookUp(owner: string): ProviderLookup {
    const lookup = providers(query, namespaceOf(owner));
    if ('problem' in lookup) refused.set(owner, refusal(lookup.problem));
    else refused.delete(owner);
    return lookup;
  }

  function refusal(error: QueryError): QueryResult {
    return { key: query.key, atMs: clock.now(), error };
  }

  function join(owner: string): void {
    if (owners.has(owner)) return;
    owners.add(owner);
    if (owners.size === 1) loop.start();
    else lookUp(owner);
  }

  function leave(owner: string): void {
    owners.delete(owner);
    refused.delete(owner);
    if (owners.size === 0) loop.stop();
  }

  return {
    join,
    leave,
    hasOwners: () => owners.size > 0,
    latestFor: (owner) => refused.get(owner) ?? shared,
    stop: loop.stop,
  };
}

function namespaceOf(owner: string): string {
  return owner.slice(0, Math.max(owner.indexOf('/'), 0));
}
