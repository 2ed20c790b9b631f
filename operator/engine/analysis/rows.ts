// SPDX-License-Identifier: Apache-2.0
import type { CheckStatus, SampleStatus } from '../../api/analysis-status.ts';
import { fromIso, toIso } from '../time.ts';
import { readEvidence, writeEvidence } from './evidence-status.ts';
import { withMeasurement } from './evidence.ts';
import { isCanaryDown } from './guards.ts';
import { judgeValue } from './limit.ts';
import { beyondLine, degraded, isUnusual, type LineOutcome } from './line.ts';
import {
  type AnalysisMode,
  type AnalysisState,
  type Measurement,
  type ResolvedCheck,
  sidesOf,
} from './types.ts';

/** Samples kept for each check. */
const MOST_SAMPLES = 20;

/**
 * The row of a check so far. A row of the same name that was measured by another query or against another
 * limit says nothing about this check; it begins anew.
 */
export function rowOf({ previous, mode }: AnalysisState, check: ResolvedCheck): CheckStatus {
  const fresh = freshRow(check);
  const known = previous.checks.find(({ name }) => name === check.name);
  const row = known && known.query === fresh.query && known.limit === fresh.limit ? known : fresh;
  const needed = neededOf(check, mode);
  if (needed === row.needed) return row;
  const { needed: _, ...rest } = row;
  return needed === undefined ? rest : { ...rest, needed };
}

/** The row of a check that was never measured. */
export function freshRow(check: ResolvedCheck): CheckStatus {
  return {
    name: check.name,
    query: check.query.expression,
    limit: check.limitText,
    verdict: 'Pending',
    reason: `${check.name}: not measured yet`,
    good: 0,
    bad: 0,
    samples: [],
  };
}

/** Conclusive measurements that a check needs; undefined: it has no end. */
function neededOf(check: ResolvedCheck, mode: AnalysisMode): number | undefined {
  if (check.count !== undefined) return check.count;
  if (mode.kind === 'background') return undefined;
  if (mode.durationMs === undefined) return 1;
  return Math.max(1, Math.floor(mode.durationMs / check.intervalMs));
}

/** A row that no measurement changes any more. */
export function isFinished(row: CheckStatus): boolean {
  return row.verdict === 'Passed' || row.verdict === 'Failed';
}

/**
 * From when on measurements of a check count, in ms. A clock that stands before the start of the run has been
 * set back; then the start says nothing, and everything counts.
 */
export function dueMs({ previous, now }: AnalysisState, check: ResolvedCheck): number {
  const startedMs = fromIso(previous.startedAt);
  if (now < startedMs) return -Infinity;
  return Math.max(startedMs + check.initialDelayMs, check.notBeforeMs ?? -Infinity);
}

/**
 * The row with a new measurement in it; the same row where it says nothing new. The verdict is not touched. Of one
 * that comes before its time only the counts since the last one are taken in, and that the canary is down, where it
 * shows that: whoever asks more often than the interval learns that sooner, and nothing else.
 */
export function absorb(row: CheckStatus, check: ResolvedCheck, measurement: Measurement): CheckStatus {
  if (isFinished(row)) return row;
  const counted = withCounts(row, check, measurement);
  const sampled = withSample(counted, sampleOf(counted, check, measurement));
  return isNew(row, check, measurement) || isCanaryDown(check, sampled) ? sampled : counted;
}

function withCounts(row: CheckStatus, check: ResolvedCheck, measurement: Measurement): CheckStatus {
  if (!check.compare) return row;
  const known = readEvidence(row.evidence);
  const evidence = withMeasurement(known, check, measurement);
  return evidence && evidence !== known ? { ...row, evidence: writeEvidence(evidence) } : row;
}

/**
 * A restarted operator asks at once, and a query may be asked more often than its check measures; what comes sooner
 * than the interval, but for half the time between two questions, must not fill the count faster.
 */
function isNew(row: CheckStatus, check: ResolvedCheck, measurement: Measurement): boolean {
  if (row.lastSampleAt === undefined) return true;
  const apartMs = Math.abs(Math.floor(measurement.atMs) - fromIso(row.lastSampleAt));
  return apartMs >= check.intervalMs - check.query.intervalMs / 2;
}

function sampleOf(row: CheckStatus, check: ResolvedCheck, measurement: Measurement): SampleStatus {
  const { atMs, stable, arms } = measurement;
  return {
    at: toIso(atMs),
    ...outcomeOf(row, check, measurement),
    ...(stable === undefined ? {} : { stable }),
    ...(arms === undefined ? {} : { arms }),
  };
}

function outcomeOf(row: CheckStatus, check: ResolvedCheck, measurement: Measurement): Partial<SampleStatus> {
  const { value, beyond = false, noData = 'Empty', detail } = measurement;
  const said = detail === undefined ? {} : { detail };
  if (value === undefined) return { noData, ...said };
  const answer = judgeValue(check, value, beyond);
  if (!('good' in answer)) return answer;
  const told = answer.good ? withinLine(row, check, measurement) : beyondLine(check, row, measurement);
  return { value, ...said, ...told };
}

function withinLine(row: CheckStatus, check: ResolvedCheck, { arms }: Measurement): LineOutcome {
  if (!check.compare || check.allowedShare !== undefined || !arms) return { good: true };
  if (isUnusual(row, arms)) return { noData: 'BothDegraded', detail: degraded(check, arms) };
  if (hasNoLine(check) && !arms.stable && !check.isAlone)
    return { noData: 'NoStable', detail: `${sidesOf(check).other} has no requests to compare with` };
  return { good: true };
}

function hasNoLine({ limit }: ResolvedCheck): boolean {
  return limit.kind === 'bounds' && limit.min === undefined && limit.max === undefined;
}

function withSample(row: CheckStatus, sample: SampleStatus): CheckStatus {
  return sample.noData === undefined ? withEvidence(row, sample) : withoutEvidence(row, sample);
}

function withEvidence(row: CheckStatus, sample: SampleStatus): CheckStatus {
  const { noDataSince: _, ...rest } = row;
  return {
    ...rest,
    good: row.good + (sample.good === true ? 1 : 0),
    bad: row.bad + (sample.good === false ? 1 : 0),
    lastSampleAt: sample.at,
    samples: [...row.samples, sample].slice(-MOST_SAMPLES),
  };
}

/** Of a spell without evidence only the newest sample is kept, and while nothing new is said, nothing changes. */
function withoutEvidence(row: CheckStatus, sample: SampleStatus): CheckStatus {
  const newest = row.samples.at(-1);
  const isSpell = newest?.noData !== undefined;
  if (isSpell && newest.noData === sample.noData && newest.detail === sample.detail) return row;
  const before = isSpell ? row.samples.slice(0, -1) : row.samples;
  const { noDataSince, ...rest } = row;
  // a Job that runs is on its way to its evidence
  const since = sample.noData === 'JobRunning' ? {} : { noDataSince: noDataSince ?? sample.at };
  return {
    ...rest,
    ...since,
    lastSampleAt: sample.at,
    samples: [...before, sample].slice(-MOST_SAMPLES),
  };
}
