// SPDX-License-Identifier: Apache-2.0
import type { MetricsProviderSpec } from '../../api/analysis.ts';
import type { CheckQuery, QueryResult } from '../../engine/analysis/types.ts';
import { splitKey } from '../../runtime/store.ts';

/** The part of a sampler that a reconcile uses; owners are keys of Canaries. */
export interface MetricsSampler {
  want(owner: string, queries: readonly CheckQuery[]): void;
  latest(owner: string): readonly QueryResult[];
  forget(owner: string): void;
}

export interface PermissionParts {
  readonly sampler: MetricsSampler;
  readonly providerSpec: (name: string) => MetricsProviderSpec | undefined;
  readonly now: () => number;
  /** Called when a query was refused, as it would be for an answer. */
  readonly onResult: (owner: string) => void;
}

/**
 * Asks only providers that serve the namespace of the owner. A refusal is an answer too: it holds the release and
 * says why. It is made anew at each interval of the query, so that a later permission is noticed.
 */
export function permitQueries({ sampler, providerSpec, now, onResult }: PermissionParts): MetricsSampler {
  const refused = new Map<string, QueryResult[]>();

  function mayAsk(owner: string, { provider }: CheckQuery): boolean {
    const allowed = providerSpec(provider)?.allowedNamespaces;
    return allowed === undefined || allowed.includes(splitKey(owner).namespace ?? '');
  }

  function refuse(owner: string, query: CheckQuery): QueryResult {
    const before = refused.get(owner)?.find(({ key }) => key === query.key);
    if (before && now() - before.atMs < query.intervalMs) return before;
    const detail = `provider ${query.provider} does not serve namespace ${splitKey(owner).namespace}`;
    return { key: query.key, atMs: now(), error: { kind: 'not-allowed', detail } };
  }

  return {
    want(owner, queries) {
      const before = refused.get(owner) ?? [];
      const refusals = queries.filter((query) => !mayAsk(owner, query)).map((query) => refuse(owner, query));
      if (refusals.length > 0) refused.set(owner, refusals);
      else refused.delete(owner);
      sampler.want(
        owner,
        queries.filter((query) => mayAsk(owner, query)),
      );
      if (refusals.some((refusal) => !before.includes(refusal))) onResult(owner);
    },
    latest: (owner) => [...sampler.latest(owner), ...(refused.get(owner) ?? [])],
    forget(owner) {
      refused.delete(owner);
      sampler.forget(owner);
    },
  };
}
