// SPDX-License-Identifier: Apache-2.0
import { compileCondition } from './condition.ts';
import { formatNumber, oneLine, unitOf } from './format.ts';
import type { Measurement, ResolvedCheck } from './types.ts';

export type LimitAnswer = { readonly good: boolean } | Pick<Required<Measurement>, 'noData' | 'detail'>;

/**
 * Whether a measured value is within the limit of its check. A value that is only known to lie beyond some
 * bound decides where the bound does; a condition that cannot be evaluated decides nothing.
 */
export function judgeValue(check: ResolvedCheck, value: number, beyond: boolean): LimitAnswer {
  const { limit } = check;
  if (beyond) return judgeBeyond(check, value);
  if (limit.kind === 'bounds') {
    return { good: value >= (limit.min ?? -Infinity) && value <= (limit.max ?? Infinity) };
  }
  const condition = compileCondition(limit.expression);
  if (condition.kind === 'invalid') return badCondition(condition.problem);
  const answer = condition.holds(value);
  return 'error' in answer ? badCondition(answer.error) : { good: answer.holds };
}

function judgeBeyond({ limit, reading }: ResolvedCheck, value: number): LimitAnswer {
  if (limit.kind === 'bounds') {
    if (limit.max !== undefined && value >= limit.max) return { good: false };
    if (limit.max === undefined && limit.min !== undefined && value >= limit.min) return { good: true };
  }
  const bound = formatNumber(value, unitOf(reading.kind));
  return { noData: 'NotANumber', detail: `above ${bound}, the greatest bucket, and how far is not known` };
}

function badCondition(problem: string): LimitAnswer {
  return { noData: 'BadQuery', detail: oneLine(`successCondition: ${problem}`) };
}
