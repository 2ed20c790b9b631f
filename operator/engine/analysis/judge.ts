// SPDX-License-Identifier: Apache-2.0
import type { AnalysisRun, CheckStatus } from '../../api/analysis-status.ts';
import { type Reason, Reasons } from '../../api/reasons.ts';
import { fromIso, toIso } from '../time.ts';
import { objectionTo } from './guards.ts';
import { absorb, dueMs, freshRow, rowOf } from './rows.ts';
import type { JudgeInput, Judgement, Measurement, ResolvedCheck } from './types.ts';
import { withVerdict } from './verdicts.ts';

export interface RunStart {
  readonly checks: readonly ResolvedCheck[];
  /** The revision that is judged. */
  readonly revision: string;
  /** Index of the step; absent in the background. */
  readonly step?: number | undefined;
  /** In ms. */
  readonly now: number;
}

/** A run that has measured nothing yet. */
export function startRun({ checks, revision, step, now }: RunStart): AnalysisRun {
  const stepIndex = step === undefined ? {} : { step };
  return { startedAt: toIso(now), ...stepIndex, revision, checks: checks.map(freshRow) };
}

/**
 * Judges a run: takes in what was measured and not judged before, and says what follows. It depends on its
 * input alone, so that a recorded run judged again gives the same verdict, and the same input twice counts
 * once. A failed check fails the run for good; without evidence nothing passes and nothing fails.
 */
export function judge(input: JudgeInput): Judgement {
  const rows = input.checks.map((check) => judgeCheck(input, check));
  const run: AnalysisRun = { ...input.previous, checks: rows };
  return (
    failed(input, run) ??
    held(run) ??
    passed(input, run) ?? { run, verdict: 'NeedMore', message: openSentence(rows) }
  );
}

function judgeCheck(input: JudgeInput, check: ResolvedCheck): CheckStatus {
  const row = rowOf(input, check);
  const measurement = input.measurements.get(check.name);
  const taken = measurement && isDue(input, check, measurement) ? absorb(row, check, measurement) : row;
  return withVerdict(input, check, taken);
}

function isDue(input: JudgeInput, check: ResolvedCheck, measurement: Measurement): boolean {
  return measurement.atMs >= dueMs(input, check);
}

function failed({ checks }: JudgeInput, run: AnalysisRun): Judgement | undefined {
  const rows = run.checks.filter(({ verdict }) => verdict === 'Failed');
  if (rows.length === 0) return undefined;
  const reasons = new Set<Reason>(checks.flatMap((check) => reasonOf(check, rows) ?? []));
  const reason = reasons.has(Reasons.CanaryDown) ? Reasons.CanaryDown : Reasons.AnalysisFailed;
  return { run, verdict: 'Fail', reason, message: sentences(rows) };
}

/** The guards see the same samples as when the row failed, so they name the same reason again. */
function reasonOf(check: ResolvedCheck, rows: readonly CheckStatus[]): Reason | undefined {
  const row = rows.find(({ name }) => name === check.name);
  return row && objectionTo(check, row)?.reason;
}

function held(run: AnalysisRun): Judgement | undefined {
  const rows = run.checks.filter(({ verdict }) => verdict === 'Holding');
  const since = rows.flatMap(({ noDataSince }) => (noDataSince === undefined ? [] : [fromIso(noDataSince)]));
  if (rows.length === 0) return undefined;
  const message = sentences(rows);
  const reason = rows.every(isBothDegraded) ? Reasons.BothDegraded : Reasons.NoData;
  return { run, verdict: 'Hold', reason, message, sinceMs: Math.min(...since) };
}

function isBothDegraded({ samples }: CheckStatus): boolean {
  return samples.at(-1)?.noData === 'BothDegraded';
}

function passed({ mode }: JudgeInput, run: AnalysisRun): Judgement | undefined {
  const { checks } = run;
  const hasPassed = ({ verdict, good }: CheckStatus) =>
    verdict === 'Passed' || (mode.kind === 'background' && good > 0);
  if (checks.length === 0 || !checks.every(hasPassed)) return undefined;
  return { run, verdict: 'Pass', message: sentences(checks) };
}

function openSentence(rows: readonly CheckStatus[]): string {
  const open = rows.filter(({ verdict }) => verdict !== 'Passed');
  return open.length === 0 ? 'there are no checks' : sentences(open);
}

function sentences(rows: readonly CheckStatus[]): string {
  return rows.map(({ reason }) => reason).join('; ');
}
