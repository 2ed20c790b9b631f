// SPDX-License-Identifier: Apache-2.0
import { formatDuration } from '../../operator/api/duration.ts';
import { clockOf, fromIso, toIso } from '../../operator/engine/time.ts';

const MS_PER_DAY = 86_400_000;

/** `14:08:42`, or `2026-03-01 14:08` on another day, in UTC as in all sentences; undefined for what is no time. */
export function momentOf(iso: string | undefined, nowMs: number): string | undefined {
  const ms = fromIso(iso);
  if (Number.isNaN(ms)) return undefined;
  if (Math.floor(ms / MS_PER_DAY) === Math.floor(nowMs / MS_PER_DAY)) return clockOf(ms);
  return toIso(ms).slice(0, 16).replace('T', ' ');
}

/** `4m12s` until now; undefined for what is no time. A clock that is behind says 0s. */
export function elapsedOf(iso: string | undefined, nowMs: number): string | undefined {
  const ms = fromIso(iso);
  if (Number.isNaN(ms)) return undefined;
  const seconds = Math.max(0, Math.floor((nowMs - ms) / 1000));
  return seconds === 0 ? '0s' : formatDuration(coarse(seconds) * 1000);
}

/** Of days the minutes say nothing, of hours the seconds. */
function coarse(seconds: number): number {
  if (seconds >= 86_400) return seconds - (seconds % 3600);
  return seconds >= 3600 ? seconds - (seconds % 60) : seconds;
}

/** The age of an object as kubectl writes it: `12s`, `4m`, `3h`, `5d`; `-` where it is not known. */
export function ageOf(iso: string, nowMs: number): string {
  const ms = fromIso(iso);
  if (Number.isNaN(ms)) return '-';
  const seconds = Math.max(0, Math.floor((nowMs - ms) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}
