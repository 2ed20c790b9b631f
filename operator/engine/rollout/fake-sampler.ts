// SPDX-License-Identifier: Apache-2.0
// Test support: asks a metrics provider what a plan wants to know, as often as each check says.
import type { Probe } from '../analysis/probe-types.ts';
import type { CheckQuery, QueryResult } from '../analysis/query-types.ts';

/** What a metrics provider answers about a revision: a number, no series, or a failure. */
export type Metrics = (revision: string, now: number) => number | 'empty' | 'timeout';

const ASK_MS = 5;

interface Asked {
  readonly query: CheckQuery;
  readonly nextMs: number;
  readonly result?: QueryResult;
}

export class FakeSampler {
  metrics: Metrics = () => 0;
  private asked = new Map<string, Asked>();

  get results(): QueryResult[] {
    return [...this.asked.values()].flatMap(({ result }) => result ?? []);
  }

  /** When each query is asked next. */
  get dueMs(): number[] {
    return [...this.asked.values()].map(({ nextMs }) => nextMs);
  }

  /** From now on these, and no others. */
  want(queries: readonly CheckQuery[], now: number): void {
    const nextMs = now + ASK_MS;
    this.asked = new Map(queries.map((query) => [query.key, this.asked.get(query.key) ?? { query, nextMs }]));
  }

  /** Asks what was due until then. */
  askUntil(ms: number, now: number): void {
    for (const [key, { query, nextMs }] of this.asked) {
      if (nextMs <= ms) this.asked.set(key, this.ask(query, now));
    }
  }

  /** A new process knows no answers. */
  forget(): void {
    this.asked.clear();
  }

  private ask(query: CheckQuery, atMs: number): Asked {
    const { probe } = query;
    if (probe) return this.askProbe(query, probe, atMs);
    const revision = /revision="([^"]*)"/.exec(query.expression)?.[1] ?? '';
    const answer = this.metrics(revision, atMs);
    const series = typeof answer === 'number' ? [{ labels: {}, value: answer, atMs }] : [];
    const result: QueryResult =
      answer === 'timeout'
        ? { key: query.key, atMs, error: { kind: 'timeout', detail: 'no answer within 10s' } }
        : { key: query.key, atMs, series };
    return { query, nextMs: atMs + query.intervalMs, result };
  }

  /** A probe is good when the number is at most 1; of `empty` it is on its way, and a `timeout` is one. */
  private askProbe(query: CheckQuery, probe: Probe, atMs: number): Asked {
    const revision = probe.kind === 'job' ? probe.env['HEADWAY_REVISION'] : probe.pods.revision;
    const answer = this.metrics(revision ?? '', atMs);
    const at = { key: query.key, atMs };
    const result: QueryResult =
      typeof answer === 'number'
        ? { ...at, outcome: { isGood: answer <= 1, detail: `said ${answer}` } }
        : { ...at, error: { kind: answer === 'empty' ? 'job-running' : 'timeout', detail: 'runs' } };
    return { query, nextMs: atMs + query.intervalMs, result };
  }
}
