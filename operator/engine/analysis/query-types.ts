// SPDX-License-Identifier: Apache-2.0
import type { JobOwner, Probe, ProbeOutcome } from './probe-types.ts';

/** Whom a query speaks of: the values of its placeholders and of the built-in metrics. */
/** What people call what is judged, and what it is compared with. */
export interface SideWords {
  readonly judged: string;
  readonly other: string;
}

export interface QueryScope {
  readonly namespace: string;
  /** Name of the Canary. */
  readonly canary: string;
  /** Name of the user's Deployment. */
  readonly target: string;
  /** Name of the user's Service: the stable arm of the traffic. */
  readonly service: string;
  /** Name of the Service that carries the canary's share; absent where pods share one Service. */
  readonly canaryService?: string | undefined;
  /** The revision that is judged. */
  readonly revision: string;
  readonly stableRevision?: string | undefined;
  /** Name of the user's Ingress; absent where there is none. */
  readonly ingress?: string | undefined;
  /** Routes of the Gateway API that lead to both Services; absent where there are none. */
  readonly routes?: readonly { readonly kind: string; readonly name: string }[] | undefined;
  /** Name of the user's TraefikService; absent where there is none. */
  readonly traefikService?: string | undefined;
  /** What people call the two sides in a sentence. Absent: canary and stable. */
  readonly sides?: SideWords | undefined;
  /** The judged revision has all traffic: `service` is its own, and no other revision is there to compare it with. */
  readonly isAlone?: boolean | undefined;
  /**
   * When `canaryService` began to select this revision, in ms. Metrics that name Services and not revisions
   * (source traefik) are judged only when their window holds nothing older. Absent: the Service had no other
   * revision before.
   */
  readonly canaryServiceSinceMs?: number | undefined;
  /** Absent where nothing can own a Job, so that none can be run. */
  readonly run?: RunScope | undefined;
}

/** What tells one run of an analysis from all others, and what its Jobs learn and belong to. */
export interface RunScope {
  readonly owner: JobOwner;
  /** When the run began, as its status says. */
  readonly startedAt: string;
  /** Index of the step; absent in the background. */
  readonly step?: number | undefined;
  /** Image tags of the judged revision. */
  readonly version?: string | undefined;
}

/** One question to one provider, asked every `intervalMs`; a check may measure less often than its query is asked. */
export interface CheckQuery {
  /** Equal exactly for queries with the same provider, expression and interval. */
  readonly key: string;
  readonly provider: string;
  readonly expression: string;
  readonly intervalMs: number;
  /** What is asked instead of a metrics provider; `provider` and `expression` are then words for people. */
  readonly probe?: Probe | undefined;
}

export interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** One series of an answer. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** May be NaN or infinite, as the provider says. */
  readonly value: number;
  /** The moment the provider gives for the value, by its own clock, in ms. */
  readonly atMs: number;
  /** Where the expression asks for a range: every point of it, oldest first; the last one is `value`. */
  readonly points?: readonly Point[] | undefined;
}

/**
 * Why a query has no answer. `not-found` and `not-allowed` speak of the MetricsProvider, `query` of an expression that
 * the provider refused; `no-pod` of a probe that nobody can be asked for; `job-running` and `job-not-started` of a Job;
 * the others of the way there.
 */
export type QueryErrorKind =
  | 'timeout'
  | 'connection'
  | 'status'
  | 'malformed'
  | 'too-large'
  | 'query'
  | 'not-found'
  | 'not-allowed'
  | 'no-pod'
  | 'job-running'
  | 'job-not-started';

export interface QueryError {
  readonly kind: QueryErrorKind;
  /** For people, without the address of the provider. */
  readonly detail: string;
}

interface QueryOutcome {
  readonly key: string;
  /** When the query was sent, by the operator's clock, in ms. */
  readonly atMs: number;
}

export interface QuerySuccess extends QueryOutcome {
  readonly series: readonly Series[];
  readonly warnings?: readonly string[];
}

interface QueryFailure extends QueryOutcome {
  readonly error: QueryError;
}

export interface ProbeSuccess extends QueryOutcome {
  readonly outcome: ProbeOutcome;
}

export type QueryResult = QuerySuccess | ProbeSuccess | QueryFailure;

export interface QueryPlan {
  /** The queries that are wanted now, each key once. */
  readonly queries: readonly CheckQuery[];
  /** When to plan and judge again although no answer came, in ms. Absent: only answers matter. */
  readonly nextDueMs?: number | undefined;
}
