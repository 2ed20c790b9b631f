// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { celRules } from './rules.ts';

/**
 * RE2-safe: hours, minutes, seconds, milliseconds, in this order. It matches the empty text too: a pattern that does
 * not would be three times as long in every error message, so the length is bounded beside it. The digits are few
 * enough that the sum stays below the 292 years that CEL's duration() can hold.
 */
export const DURATION_PATTERN = /^([0-9]{1,6}h)?([0-9]{1,7}m)?([0-9]{1,9}s)?([0-9]{1,9}ms)?$/;

const MIN_LENGTH = 2;
const MAX_LENGTH = 24;
const PARTS = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/**
 * Milliseconds of a duration such as `30s`, `5m` or `1h30m`.
 * Throws a RangeError for anything else, so that an unchecked string never becomes a zero wait.
 */
export function durationMs(text: string): number {
  const found = text === '' ? null : PARTS.exec(text);
  if (!found) throw new RangeError(`"${text}" is not a duration such as 30s, 5m or 1h30m`);
  const [, hours = '0', minutes = '0', seconds = '0', millis = '0'] = found;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(millis);
}

/** The shortest such text for a number of milliseconds, for sentences that people read. */
export function formatDuration(ms: number): string {
  if (Math.round(ms) < 1000) return `${Math.round(ms)}ms`;
  const total = Math.round(ms / 1000);
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = total % 60;
  const parts = [
    hours > 0 ? `${hours}h` : '',
    minutes > 0 ? `${minutes}m` : '',
    seconds > 0 ? `${seconds}s` : '',
  ];
  return parts.join('');
}

interface DurationBounds {
  readonly min: string;
  readonly max: string;
}

/** Schema of a duration between two bounds; both bounds are part of the error message and of the CEL rule. */
export function Duration(bounds: DurationBounds) {
  const { min, max } = bounds;
  const message = `must be a duration from ${min} to ${max}`;
  const isMalformed = `self.size() < ${MIN_LENGTH} || !self.matches('${DURATION_PATTERN.source}')`;
  const rule = `${isMalformed} || (duration(self) >= duration('${min}') && duration(self) <= duration('${max}'))`;
  return z
    .string()
    .min(MIN_LENGTH)
    .max(MAX_LENGTH)
    .regex(DURATION_PATTERN, 'must be a duration such as 30s, 5m or 1h30m')
    .refine((text) => isWithin(text, bounds), message)
    .meta(celRules({ rule, message }));
}

/** What length and pattern refuse has been reported already; here as in CEL it is not reported twice. */
function isWithin(text: string, { min, max }: DurationBounds): boolean {
  if (text.length < MIN_LENGTH || !DURATION_PATTERN.test(text)) return true;
  const ms = durationMs(text);
  return ms >= durationMs(min) && ms <= durationMs(max);
}
