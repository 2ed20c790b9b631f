// SPDX-License-Identifier: Apache-2.0
import { durationMs, formatDuration } from '../../operator/api/duration.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  ns: 0.000001,
};

/**
 * Milliseconds of a duration as Go reads it (`90s`, `1h30m`, `1.5h`); a number, or a text of digits, is seconds, as Argo
 * Rollouts has it. Undefined for anything else.
 */
export function goDurationMs(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value * 1000 : undefined;
  if (typeof value !== 'string' || value === '') return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  if (!/^(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|µs|ns))+$/.test(value)) return undefined;
  const parts = value.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g);
  return [...parts].reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNIT_MS[unit] ?? 0), 0);
}

export interface Bounded {
  readonly text: string;
  /** Why it is another one than was written; absent where it is the same. */
  readonly why?: string;
}

/** A duration of ours, between two bounds. */
export function boundedDuration(ms: number, bounds: { readonly min: string; readonly max: string }): Bounded {
  const [least, most] = [durationMs(bounds.min), durationMs(bounds.max)];
  const within = Math.min(most, Math.max(least, ms));
  const rounded = within < 1000 ? Math.round(within) : 1000 * Math.round(within / 1000);
  const text = rounded === 0 ? '0s' : formatDuration(rounded);
  return within === ms ? { text } : { text, why: `it is from ${bounds.min} to ${bounds.max} here` };
}
