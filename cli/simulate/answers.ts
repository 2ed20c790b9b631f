// SPDX-License-Identifier: Apache-2.0
import type { CheckQuery, QueryResult } from '../../operator/engine/analysis/query-types.ts';

/** What metrics providers, pods and Jobs say. */
export interface Answers {
  /** Whether they are the same at all times, so that those which change nothing need not be asked for. */
  readonly isSteady: boolean;
  /** The answer at a moment, in ms since 1970. */
  answer(query: CheckQuery, atMs: number): QueryResult;
}

interface Asked {
  readonly query: CheckQuery;
  readonly nextMs: number;
  readonly result: QueryResult;
}

/** Asks what a plan wants to know: at once, and then as often as it says. */
export class Asker {
  private asked = new Map<string, Asked>();
  private readonly answers: Answers;

  constructor(answers: Answers) {
    this.answers = answers;
  }

  get results(): QueryResult[] {
    return [...this.asked.values()].map(({ result }) => result);
  }

  /** From now on these, and no others. True: something is known that was not before. */
  want(queries: readonly CheckQuery[], now: number): boolean {
    const fresh = queries.filter(({ key }) => !this.asked.has(key));
    this.asked = new Map(
      queries.map((query) => [query.key, this.asked.get(query.key) ?? this.ask(query, now)]),
    );
    return fresh.length > 0;
  }

  /** Asks again what is due: at the last moment until now at which it would have been asked. */
  askDue(now: number): void {
    for (const [key, { query, nextMs }] of this.asked) {
      const { intervalMs } = query;
      const lastMs = nextMs + Math.floor((now - nextMs) / intervalMs) * intervalMs;
      if (nextMs <= now) this.asked.set(key, this.ask(query, lastMs));
    }
  }

  nextMs(): number | undefined {
    const moments = [...this.asked.values()].map(({ nextMs }) => nextMs);
    return moments.length === 0 ? undefined : Math.min(...moments);
  }

  private ask(query: CheckQuery, now: number): Asked {
    return { query, nextMs: now + query.intervalMs, result: this.answers.answer(query, now) };
  }
}
