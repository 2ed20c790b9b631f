// SPDX-License-Identifier: Apache-2.0
import type { BuiltInMetric } from '../../api/analysis.ts';
import type { AnalysisRun, NoDataReason } from '../../api/analysis-status.ts';
import type { ArmCounts } from '../../api/evidence-status.ts';
import type { Reason } from '../../api/reasons.ts';
import type { Arms, Tick } from './count-types.ts';
import type { CheckQuery, SideWords } from './query-types.ts';

/** What is good: a line with inclusive bounds, or a CEL condition over `result`. */
export type Limit =
  | { readonly kind: 'bounds'; readonly min?: number | undefined; readonly max?: number | undefined }
  | { readonly kind: 'condition'; readonly expression: string };

/**
 * How the series of a built-in metric are told apart: by revision, by the name that Traefik gives a backend of an
 * Ingress, or by the Service that is in the name that it gives a backend of a route.
 */
export type ArmsBy =
  | { readonly label: 'revision'; readonly canary: string; readonly stable?: string | undefined }
  | { readonly label: 'service'; readonly backend: string; readonly isAlone?: boolean | undefined }
  | { readonly label: 'backend'; readonly canary: string; readonly stable?: string | undefined };

/** A built-in metric: both arms in one answer. */
export interface ArmsReading {
  readonly kind: BuiltInMetric;
  readonly armsBy: ArmsBy;
  /** From 0 to 1; only request-duration reads it. */
  readonly quantile: number;
  /** A request that takes longer is slow, in ms; only request-duration reads it. Absent: none is counted as slow. */
  readonly slowMs?: number | undefined;
  readonly minRequests: number;
  /** Name of the counter, for sentences. */
  readonly counter: string;
}

/** How an answer becomes a number. A probe is good, 1, or not, 0; in sentences its own words stand for that. */
export type Reading = { readonly kind: 'query' } | { readonly kind: 'probe' } | ArmsReading;

/** Whether canary and stable are told apart in its answer. */
export function isOfArms(reading: Reading): reading is ArmsReading {
  return reading.kind !== 'query' && reading.kind !== 'probe';
}

/** A check whose arguments and placeholders are filled in. Plain data. */
export interface ResolvedCheck {
  readonly name: string;
  readonly query: CheckQuery;
  /** What tells the past of the stable arm, which a comparison asks for once. */
  readonly history?: CheckQuery | undefined;
  /** Time between two measurements, in ms. */
  readonly intervalMs: number;
  readonly reading: Reading;
  readonly limit: Limit;
  /** The limit in words, for example ">= 99%". */
  readonly limitText: string;
  readonly windowMs: number;
  readonly initialDelayMs: number;
  /** No measurement made before this moment is judged, in ms. Absent: the initial delay alone decides. */
  readonly notBeforeMs?: number | undefined;
  readonly count?: number | undefined;
  readonly failureLimit: number;
  /** What people call the two sides in a sentence. Absent: canary and stable. */
  readonly sides?: SideWords | undefined;
  /** The judged revision has all traffic, so that no other one can speak for it. */
  readonly isAlone?: boolean | undefined;
  /** The comparison with the stable arm; absent: there is none. */
  readonly compare?: CompareRule | undefined;
  /** The line as a share of requests that may fail, or be slower than it, from 0 to 1. Absent: it is none. */
  readonly allowedShare?: number | undefined;
}

const CANARY_AND_STABLE: SideWords = { judged: 'canary', other: 'stable' };

/** The two sides in a sentence: `the canary failed`, `of stable`. */
export function sidesOf({ sides = CANARY_AND_STABLE }: Pick<ResolvedCheck, 'sides'>): SideWords {
  return sides;
}

/** Whether a check is made a single time: the Job of it must not be run again by judging once more. */
export function isOnce({ query }: ResolvedCheck): boolean {
  return query.probe?.kind === 'job';
}

export interface CompareRule {
  /** Greatest good ratio of the canary's share of errors to that of stable. */
  readonly tolerance: number;
  /** Chance over a whole run that a canary within the tolerance is failed. */
  readonly alpha: number;
}

/** Something wrong in a check; all of them are found at once. */
export interface CheckProblem {
  /** Name of the check; several, with commas, where an argument of all of them is meant. */
  readonly check: string;
  /** Field of the check, for example `query`; `args.NAME` for an argument. */
  readonly field: string;
  readonly message: string;
}

export type Resolution =
  | { readonly kind: 'resolved'; readonly checks: readonly ResolvedCheck[] }
  | { readonly kind: 'invalid'; readonly problems: readonly CheckProblem[] };

/** What one answer says about one check. Exactly one of `value` and `noData` is set. */
export interface Measurement {
  /** When the query was sent, in ms. */
  readonly atMs: number;
  /** In the unit of the metric: percent, milliseconds, or what the query yields. Finite. */
  readonly value?: number | undefined;
  /** true: the measured quantity is greater than `value`; how much is not known. */
  readonly beyond?: boolean | undefined;
  /** The same number for the stable arm, where known. */
  readonly stable?: number | undefined;
  /** Counts of both arms in the window, of built-in metrics; also where they are too few for a value. */
  readonly arms?: Arms | undefined;
  /** What was counted since one interval before. */
  readonly tick?: Tick | undefined;
  /** What the stable arm counted in its past, one interval after the other, oldest first. */
  readonly history?: readonly ArmCounts[] | undefined;
  readonly noData?: NoDataReason | undefined;
  /** What is wrong or what the provider warned of, in a few words; always there beside `noData`. */
  readonly detail?: string | undefined;
}

/**
 * `step`: an analysis step; it ends when every check has its measurements, and with a duration not before
 * that has passed. `background`: beside the steps; a check without a count has no end there.
 */
export type AnalysisMode =
  | { readonly kind: 'step'; readonly durationMs?: number | undefined }
  | { readonly kind: 'background' };

/** A run of checks at a moment: all that planning its queries and judging it have in common. */
export interface AnalysisState {
  /** The run so far; `startRun` makes the first one. */
  readonly previous: AnalysisRun;
  readonly checks: readonly ResolvedCheck[];
  readonly mode: AnalysisMode;
  /** In ms. */
  readonly now: number;
}

export interface JudgeInput extends AnalysisState {
  /** The newest measurement of each check, by its name. One that was judged before is not judged again. */
  readonly measurements: ReadonlyMap<string, Measurement>;
}

/**
 * `Pass` in a step: every check has what it needs. `Pass` in the background: every check has been good at
 * least once and nothing speaks against going on now; it is no end. `NeedMore`: not enough evidence yet.
 * `Hold`: evidence is missing; the weight stays. `Fail`: final.
 */
type Verdict = 'Pass' | 'Fail' | 'Hold' | 'NeedMore';

export interface Judgement {
  /** The next status of the run. Equal to the previous one when nothing worth a write has happened. */
  readonly run: AnalysisRun;
  readonly verdict: Verdict;
  /** Set for Fail (AnalysisFailed or CanaryDown) and Hold (NoData or BothDegraded). */
  readonly reason?: Reason | undefined;
  /** One sentence without a full stop. */
  readonly message: string;
  /** Hold only: since when evidence has been missing, in ms; the deadline for missing data counts from here. */
  readonly sinceMs?: number | undefined;
}
