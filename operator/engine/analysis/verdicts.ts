// SPDX-License-Identifier: Apache-2.0
import type { CheckStatus, CheckVerdict, SampleStatus } from '../../api/analysis-status.ts';
import { clockOf, fromIso } from '../time.ts';
import { formatSample, formatShare } from './format.ts';
import { objectionTo } from './guards.ts';
import { isFinished } from './rows.ts';
import { type AnalysisState, isOnce, type ResolvedCheck } from './types.ts';

/** The row with the verdict that its measurements and the time call for. A finished row stays as it is. */
export function withVerdict(state: AnalysisState, check: ResolvedCheck, row: CheckStatus): CheckStatus {
  if (isFinished(row)) return row;
  const { verdict, reason } = verdictOf(state, check, row);
  return { ...row, verdict, reason };
}

interface RowVerdict {
  readonly verdict: CheckVerdict;
  readonly reason: string;
}

function verdictOf(state: AnalysisState, check: ResolvedCheck, row: CheckStatus): RowVerdict {
  const newest = row.samples.at(-1);
  if (!newest) return { verdict: 'Pending', reason: `${check.name}: not measured yet` };
  const objection = objectionTo(check, row);
  if (objection) return { verdict: 'Failed', reason: objection.sentence };
  if (newest.noData === 'JobRunning')
    return { verdict: 'Running', reason: `${check.name}: ${newest.detail ?? 'the Job runs'}` };
  if (row.noDataSince !== undefined)
    return withoutData(state, check, { row, newest, since: row.noDataSince });
  if (isComplete(state, check, row)) return { verdict: 'Passed', reason: passedSentence(check, row) };
  return { verdict: 'Running', reason: runningSentence(check, row) };
}

interface MissingData {
  readonly row: CheckStatus;
  readonly newest: SampleStatus;
  readonly since: string;
}

function withoutData(
  state: AnalysisState,
  check: ResolvedCheck,
  { row, newest, since }: MissingData,
): RowVerdict {
  const detail = newest.detail ?? 'no reason was given';
  const isTraffic = newest.noData === 'NoTraffic';
  const isPlain = isTraffic || newest.noData === 'BothDegraded' || newest.noData === 'NoStable';
  const what = isPlain ? detail : `no data from ${check.query.provider} (${detail})`;
  if (isWarmingUp(state, check, row)) return { verdict: 'Running', reason: `${check.name}: ${what}` };
  const time = clockOf(fromIso(since));
  const sentence = isTraffic ? `${what}; no evidence since ${time}` : `${what} since ${time}`;
  return { verdict: 'Holding', reason: `${check.name}: ${sentence}` };
}

/**
 * A canary that has just begun has had neither requests nor a scrape: for one window and one interval that is
 * no reason to raise an alarm. It is no evidence either.
 */
function isWarmingUp({ now }: AnalysisState, check: ResolvedCheck, row: CheckStatus): boolean {
  const newest = row.samples.at(-1);
  const isUsual = newest?.noData === 'NoTraffic' || newest?.noData === 'Empty';
  if (!isUsual || row.good + row.bad > 0 || row.noDataSince === undefined) return false;
  return now - fromIso(row.noDataSince) < check.windowMs + check.intervalMs;
}

/** Enough conclusive measurements, at least one of them good, and the time of the step is over. */
function isComplete({ previous, mode, now }: AnalysisState, check: ResolvedCheck, row: CheckStatus): boolean {
  if (row.needed === undefined || row.good === 0 || row.good + row.bad < row.needed) return false;
  if (check.count !== undefined || mode.kind === 'background' || mode.durationMs === undefined) return true;
  const startedMs = fromIso(previous.startedAt);
  return now < startedMs || now >= startedMs + mode.durationMs;
}

function passedSentence(check: ResolvedCheck, row: CheckStatus): string {
  const good = row.samples.findLast((sample) => sample.good === true);
  const share = isOnce(check) ? '' : ` in ${formatShare(row.good, row.good + row.bad)}`;
  return `${check.name}${formatSample(check, good, true)}${share}`;
}

function runningSentence(check: ResolvedCheck, row: CheckStatus): string {
  const done = row.good + row.bad;
  const newest = row.samples.at(-1);
  const value = newest?.value === undefined ? '' : formatSample(check, newest, newest.good === true);
  const share =
    row.needed === undefined ? plainCount(done) : formatShare(Math.min(done, row.needed), row.needed);
  const tolerated = row.bad > 0 ? `, ${row.bad} bad, ${check.failureLimit} tolerated` : '';
  const untold = newest?.good === undefined && newest?.detail ? `: ${newest.detail}` : '';
  return `${check.name}${value}${untold} (${share}${tolerated})`;
}

function plainCount(count: number): string {
  return `${count} ${count === 1 ? 'check' : 'checks'}`;
}
