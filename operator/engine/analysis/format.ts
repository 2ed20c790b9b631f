// SPDX-License-Identifier: Apache-2.0
import type { SampleStatus } from '../../api/analysis-status.ts';
import type { Limit, Reading, ResolvedCheck } from './types.ts';

/** What stands behind a number in sentences. */
export type Unit = '%' | ' ms' | '';

/** The unit of what a check measures; a query names none. */
export function unitOf(kind: Reading['kind']): Unit {
  if (kind === 'request-success-rate') return '%';
  return kind === 'request-duration' ? ' ms' : '';
}

/** The limit in words: ">= 99%", "<= 500 ms", ">= 0.5 and <= 2", or the condition in quotes. */
export function formatLimit(limit: Limit, unit: Unit): string {
  if (limit.kind === 'condition') return `"${limit.expression}"`;
  const lines: string[] = [];
  if (limit.min !== undefined) lines.push(`>= ${limit.min}${unit}`);
  if (limit.max !== undefined) lines.push(`<= ${limit.max}${unit}`);
  return lines.join(' and ');
}

const MOST_DECIMALS = 12;

/**
 * A number for sentences, with as few digits as say enough: one decimal of a percentage, whole milliseconds,
 * three digits of anything else; more where it would otherwise look equal to a number that it is not.
 */
export function formatNumber(value: number, unit: Unit, unlike: readonly number[] = []): string {
  for (let decimals = leastDecimals(value, unit); decimals < MOST_DECIMALS; decimals += 1) {
    const rounded = Number(value.toFixed(decimals));
    if (!unlike.some((other) => other !== value && other === rounded)) return `${rounded}${unit}`;
  }
  return `${value}${unit}`;
}

function leastDecimals(value: number, unit: Unit): number {
  if (unit === '%') return 1;
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (unit === ' ms' && magnitude >= 1) return 0;
  return Math.min(Math.max(2 - magnitude, 0), MOST_DECIMALS - 1);
}

/** A number that is not finite, as Prometheus writes it. */
export function formatOdd(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

/**
 * A measured value beside its limit: "96.2% < 99%", "412 ms <= 500 ms", `0.93 does not meet "result < 0.9"`.
 * A bad value that is itself within the limit is one of which only that is known: "> 500 ms".
 */
export function formatAgainstLimit(check: ResolvedCheck, value: number, isGood: boolean): string {
  const { limit, reading, limitText } = check;
  const unit = unitOf(reading.kind);
  if (limit.kind === 'condition') {
    return `${formatNumber(value, unit)} ${isGood ? 'meets' : 'does not meet'} ${limitText}`;
  }
  const lines = [limit.min, limit.max].filter((line) => line !== undefined);
  const text = formatNumber(value, unit, lines);
  if (isGood) return `${text} ${limitText}`;
  if (limit.min !== undefined && value < limit.min) return `${text} < ${limit.min}${unit}`;
  const line = `> ${limit.max}${unit}`;
  return limit.max !== undefined && value > limit.max ? `${text} ${line}` : line;
}

/**
 * The newest sample of a kind beside its limit, to follow the name of the check: " 96.2% < 99%", or what a probe says of
 * itself: ": GET :8080/ of 3 pods answered 200".
 */
export function formatSample(
  check: ResolvedCheck,
  sample: SampleStatus | undefined,
  isGood: boolean,
): string {
  if (check.reading.kind === 'probe' && sample?.detail !== undefined) return `: ${sample.detail}`;
  if (sample?.value !== undefined) return ` ${formatAgainstLimit(check, sample.value, isGood)}`;
  return isGood ? ' within limits' : ' out of limits';
}

/** "3 of 5 checks", "1 of 1 check". */
export function formatShare(part: number, whole: number): string {
  return `${part} of ${whole} ${whole === 1 ? 'check' : 'checks'}`;
}

const LONGEST_DETAIL = 200;

/** One line of bounded length from what somebody else said. */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= LONGEST_DETAIL ? line : `${line.slice(0, LONGEST_DETAIL - 1)}…`;
}
