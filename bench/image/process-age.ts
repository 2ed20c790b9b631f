// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;
const START_FIELD = 22;

/** How old a process is in ms, to 10 ms, by its /proc/PID/stat and by /proc/uptime. */
export function ageMs(stat: string, uptime: string): number {
  // The name of the program, in brackets, may hold blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const startTicks = Number.parseInt(fields[START_FIELD - 3] ?? '', 10);
  const upSeconds = Number.parseFloat(uptime);
  if (!Number.isFinite(startTicks) || !Number.isFinite(upSeconds)) {
    throw new Error(`the kernel says nothing about the start of a process: ${stat.trim()}`);
  }
  return upSeconds * 1_000 - startTicks * (1_000 / TICKS_PER_SECOND);
}

export function ageOf(pid: number): number {
  return ageMs(readFileSync(`/proc/${pid}/stat`, 'utf8'), readFileSync('/proc/uptime', 'utf8'));
}
