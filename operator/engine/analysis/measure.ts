// SPDX-License-Identifier: Apache-2.0
import type { NoDataReason } from '../../api/analysis-status.ts';
import { formatDuration } from '../../api/duration.ts';
import { formatOdd, oneLine } from './format.ts';
import { historyOf } from './arm-counts.ts';
import { measureArms } from './measure-arms.ts';
import type { ProbeSuccess, QueryErrorKind, QueryResult, QuerySuccess } from './query-types.ts';
import { isOfArms, type Measurement, type ResolvedCheck } from './types.ts';

/** Providers that answer from a cache may answer with an old moment; one this old is no evidence. */
const OLDEST_ANSWER_MS = 5 * 60_000;

/** The newest measurement of each check that has an answer, by its name. */
export function measureAll(
  checks: readonly ResolvedCheck[],
  results: readonly QueryResult[],
): ReadonlyMap<string, Measurement> {
  const byKey = new Map(results.map((result) => [result.key, result]));
  const measurements = new Map<string, Measurement>();
  for (const check of checks) {
    const result = byKey.get(check.query.key);
    if (result) measurements.set(check.name, withHistory(check, measure(check, result), byKey));
  }
  return measurements;
}

function withHistory(
  { reading, history }: ResolvedCheck,
  measurement: Measurement,
  results: ReadonlyMap<string, QueryResult>,
): Measurement {
  const past = history && results.get(history.key);
  if (!past || !('series' in past) || !isOfArms(reading)) return measurement;
  return { ...measurement, history: historyOf(reading, past.series) };
}

/**
 * What an answer says about a check. A number that is missing, not finite, ambiguous, old, or measured on too
 * few requests is no number: `noData` says why, and it is never 0.
 */
export function measure(check: ResolvedCheck, result: QueryResult): Measurement {
  if ('error' in result) {
    return noData(result.atMs, NO_DATA_OF_ERROR[result.error.kind], result.error.detail);
  }
  if ('outcome' in result) return measureProbe(result);
  const { reading } = check;
  const measured = isOfArms(reading) ? measureArms(check, reading, result) : measureOne(check, result);
  if (measured.noData !== undefined || !result.warnings || result.warnings.length === 0) return measured;
  return { ...measured, detail: oneLine(`${check.query.provider} warns: ${result.warnings.join('; ')}`) };
}

const NO_DATA_OF_ERROR: Readonly<Record<QueryErrorKind, NoDataReason>> = {
  timeout: 'ProviderTimeout',
  connection: 'ProviderError',
  status: 'ProviderError',
  malformed: 'ProviderError',
  'too-large': 'ProviderError',
  query: 'BadQuery',
  'not-found': 'ProviderNotFound',
  'not-allowed': 'NotAllowed',
  'no-pod': 'NoReadyPod',
  'job-running': 'JobRunning',
  'job-not-started': 'JobNotStarted',
};

function measureProbe({ atMs, outcome: { isGood, detail } }: ProbeSuccess): Measurement {
  return { atMs, value: isGood ? 1 : 0, detail };
}

function measureOne(check: ResolvedCheck, { atMs, series }: QuerySuccess): Measurement {
  const [only] = series;
  if (!only) return noData(atMs, 'Empty', 'empty answer');
  if (series.length > 1)
    return noData(atMs, 'SeveralSeries', `${series.length} series where one is expected`);
  if (only.points) return noData(atMs, 'BadQuery', 'a range of values where one number is expected');
  if (!Number.isFinite(only.value))
    return noData(atMs, 'NotANumber', `the value is ${formatOdd(only.value)}`);
  const ageMs = atMs - only.atMs;
  if (ageMs > Math.max(OLDEST_ANSWER_MS, 2 * check.query.intervalMs))
    return noData(atMs, 'Stale', `the answer is ${formatDuration(ageMs)} old`);
  return { atMs, value: only.value };
}

function noData(atMs: number, reason: NoDataReason, detail: string): Measurement {
  return { atMs, noData: reason, detail: oneLine(detail) };
}
