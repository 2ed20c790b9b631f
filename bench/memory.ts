// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Memory of one process, in bytes, as the kernel counts it. */
export interface Memory {
  rss: number;
  /** Like RSS, but pages shared with other processes count in part. */
  pss: number;
  /** The highest RSS so far. */
  peak: number;
}

/** Reads `/proc/PID/smaps_rollup` and `/proc/PID/status`. */
export function parseMemory(smapsRollup: string, status: string): Memory {
  return {
    rss: kilobytesOf(smapsRollup, 'Rss') * 1024,
    pss: kilobytesOf(smapsRollup, 'Pss') * 1024,
    peak: kilobytesOf(status, 'VmHWM') * 1024,
  };
}

function kilobytesOf(text: string, field: string): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  if (found === undefined) throw new Error(`the kernel says nothing about ${field}`);
  return Number(found);
}

function memoryOf(pid: number): Memory {
  return parseMemory(
    readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'),
    readFileSync(`/proc/${pid}/status`, 'utf8'),
  );
}

const sampleMs = 2_000;
const settledSamples = 8;
const settledRange = 2 * 1024 * 1024;
const longestMs = 60_000;

/** Whether the newest samples differ by less than 2 MiB, over 16 s. */
export function isSettled(rss: readonly number[]): boolean {
  const newest = rss.slice(-settledSamples);
  return newest.length === settledSamples && Math.max(...newest) - Math.min(...newest) < settledRange;
}

/** Waits until the memory of a process stays where it is, at most a minute, and reads it. */
export async function settledMemory(pid: number): Promise<Memory> {
  const startedMs = performance.now();
  const rss: number[] = [];
  for (;;) {
    const memory = memoryOf(pid);
    rss.push(memory.rss);
    if (isSettled(rss) || performance.now() - startedMs > longestMs) return memory;
    await delay(sampleMs);
  }
}
