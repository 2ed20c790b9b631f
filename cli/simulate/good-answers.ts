// SPDX-License-Identifier: Apache-2.0
import { compileCondition } from '../../operator/engine/analysis/condition.ts';
import type { CheckQuery, QueryResult } from '../../operator/engine/analysis/query-types.ts';
import { type ArmsReading, isOfArms, type ResolvedCheck } from '../../operator/engine/analysis/types.ts';
import type { Answers } from './answers.ts';
import { answerOfArms, type CountedArm } from './arm-series.ts';
import type { AskedChecks } from './asked-checks.ts';

/** Requests that are enough for any limit. */
const MANY_REQUESTS = 1_000_000;

/** Every check answers well at once: what is left is how long a release takes at the least. */
export function goodAnswers(checks: AskedChecks): Answers {
  return { isSteady: true, answer: (query, atMs) => answerWell(checks, query, atMs) };
}

/** A good answer to one query. Throws an Error where no number is good. */
export function answerWell(checks: AskedChecks, query: CheckQuery, atMs: number): QueryResult {
  const { key, probe } = query;
  const { check, isHistory } = checks.find(query);
  if (probe) return { key, atMs, outcome: { isGood: true, detail: `taken for good, ${check.limitText}` } };
  if (isHistory) return { key, atMs, series: [] };
  const { reading } = check;
  const value = goodValue(check);
  if (!isOfArms(reading)) return { key, atMs, series: [{ labels: {}, value, atMs }] };
  const arm = goodArm(reading, value);
  const arms = { canary: arm, stable: arm };
  return { key, atMs, series: answerOfArms(reading, { window: arms, tick: arms, seenMs: atMs, atMs }) };
}

function goodArm({ kind }: ArmsReading, value: number): CountedArm {
  return kind === 'request-duration'
    ? { requests: MANY_REQUESTS, errors: 0, value }
    : { requests: MANY_REQUESTS, errors: MANY_REQUESTS * (1 - value / 100) };
}

/** Numbers that conditions are likely to be true for; the limits of built-in metrics are among them. */
const CANDIDATES = [100, 1, 0, 50, 99.9, 0.999, 0.5, 10, 1000, 1e6, -1, 1e9];

function goodValue({ name, limit, reading }: ResolvedCheck): number {
  const isRate = reading.kind === 'request-success-rate';
  if (limit.kind === 'bounds') return withinBounds(limit, isRate);
  const condition = compileCondition(limit.expression);
  const possible = CANDIDATES.filter((value) => !isRate || (value >= 0 && value <= 100));
  const found = possible.find((value) => {
    const answer = condition.kind === 'condition' ? condition.holds(value) : { holds: false };
    return 'holds' in answer && answer.holds;
  });
  if (found !== undefined) return found;
  throw new Error(
    `check ${name}: no number was found for which "${limit.expression}" is true; say what it measures with --samples`,
  );
}

function withinBounds(
  { min, max }: { min?: number | undefined; max?: number | undefined },
  isRate: boolean,
): number {
  if (isRate) return Math.min(100, max ?? 100);
  if (min !== undefined) return min;
  return max === undefined ? 1 : Math.min(max, max / 2);
}
