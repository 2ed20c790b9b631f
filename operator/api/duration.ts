// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** RE2-safe: one or more of hours, minutes, seconds, milliseconds, in this order, at least one unit. */
export const DURATION_PATTERN = /^(([1-9][0-9]{0,6}h)?([0-9]{1,7}m)?([0-9]{1,9}s)?([0-9]{1,9}ms)?)$/;

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
  if (ms < 1000) return `${Math.round(ms)}ms`;
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
  return z
    .string()
    .min(2)
    .max(24)
    .regex(DURATION_PATTERN, 'must be a duration such as 30s, 5m or 1h30m')
    .refine((text) => isWithin(text, bounds), `must be a duration from ${min} to ${max}`)
    .meta({
      'x-kubernetes-validations': [
        {
          rule: `duration(self) >= duration('${min}') && duration(self) <= duration('${max}')`,
          message: `must be a duration from ${min} to ${max}`,
        },
      ],
    });
}

function isWithin(text: string, { min, max }: DurationBounds): boolean {
  if (!DURATION_PATTERN.test(text) || text === '') return true; // the pattern has spoken already
  const ms = durationMs(text);
  return ms >= durationMs(min) && ms <= durationMs(max);
}
