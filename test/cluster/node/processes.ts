// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../error-code.ts';
import { partsProcsFile } from './cgroups.ts';
import type { Layout } from './layout.ts';

/** A process as recorded: the start time tells it from a later process with the same pid. */
export interface RecordedProcess {
  pid: number;
  /** Clock ticks since boot, field 22 of /proc/PID/stat. */
  startTicks: string;
}

export interface Launch {
  name: string;
  command: readonly string[];
  env: Record<string, string>;
  /** Whether the process shares the cluster's own mounts, as kubelet and containerd must. */
  privateMounts: boolean;
  niceness?: number;
}

const sharedEnv = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

/** Starts a part in its own session inside the cluster's namespaces, logs to its file, and records it. */
export function launch(layout: Layout, what: Launch): RecordedProcess {
  const log = openSync(logPath(layout, what.name), 'a');
  const mounts = what.privateMounts ? [`--mount=${layout.mountNamespacePath}`] : [];
  const nice = what.niceness === undefined ? [] : ['nice', '-n', String(what.niceness)];
  const inside = [...nice, 'nsenter', `--net=${layout.netnsPath}`, ...mounts, '--', ...what.command];
  const joinCgroup = 'echo 0 > "$0" && exec "$@"';
  const child = spawn('/bin/sh', ['-c', joinCgroup, partsProcsFile(layout), ...inside], {
    cwd: layout.stateDir,
    detached: true,
    env: { ...sharedEnv, HOME: layout.stateDir, ...what.env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  const startTicks = child.pid === undefined ? undefined : startTicksOf(child.pid);
  if (child.pid === undefined || startTicks === undefined) {
    throw new Error(`${what.name} did not start; its log is ${logPath(layout, what.name)}`);
  }
  const recorded = { pid: child.pid, startTicks };
  record(layout, what.name, recorded);
  return recorded;
}

export function logPath(layout: Layout, part: string): string {
  return join(layout.stateDir, 'logs', `${part}.log`);
}

function recordPath(layout: Layout, part: string): string {
  return join(layout.stateDir, 'processes', `${part}.json`);
}

function record(layout: Layout, part: string, process: RecordedProcess): void {
  mkdirSync(join(layout.stateDir, 'processes'), { recursive: true });
  const path = recordPath(layout, part);
  writeFileSync(`${path}.new`, JSON.stringify(process));
  renameSync(`${path}.new`, path);
}

export function forget(layout: Layout, part: string): void {
  rmSync(recordPath(layout, part), { force: true });
}

/** The recorded process of a part, if it is still that process and alive. */
export function runningProcess(layout: Layout, part: string): RecordedProcess | undefined {
  const path = recordPath(layout, part);
  if (!existsSync(path)) {
    return undefined;
  }
  const recorded = parseRecord(readFileSync(path, 'utf8'));
  return recorded !== undefined && isAlive(recorded) ? recorded : undefined;
}

/** The names of all parts that were ever started and not forgotten. */
export function recordedParts(layout: Layout): string[] {
  const dir = join(layout.stateDir, 'processes');
  const files = existsSync(dir) ? readdirSync(dir) : [];
  return files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
}

/** Reads a record; a torn one (the machine died while writing) counts as none. */
export function parseRecord(text: string): RecordedProcess | undefined {
  const match = /^\{"pid":(\d+),"startTicks":"(\d+)"\}$/.exec(text);
  const [, pid, startTicks] = match ?? [];
  return pid === undefined || startTicks === undefined ? undefined : { pid: Number(pid), startTicks };
}

export function isAlive(process: RecordedProcess): boolean {
  return startTicksOf(process.pid) === process.startTicks;
}

/** The start time of a live process; undefined when there is none or it is a zombie. */
export function startTicksOf(pid: number): string | undefined {
  const stat = readStat(pid);
  return stat === undefined || hasEnded(stat) ? undefined : stat.startTicks;
}

/**
 * A killed process is a zombie as soon as its first thread is, but it keeps its ports until the last one has gone.
 */
export function hasEnded({ state, threads }: Pick<Stat, 'state' | 'threads'>): boolean {
  return state === 'X' || (state === 'Z' && threads <= 1);
}

/** The parent of a live process; undefined when there is none. */
export function parentOf(pid: number): number | undefined {
  return readStat(pid)?.parentPid;
}

interface Stat {
  state: string;
  parentPid: number;
  startTicks: string;
  threads: number;
}

function readStat(pid: number): Stat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (isGone(error)) {
      return undefined;
    }
    throw error;
  }
  // The command name, field 2, is in parentheses and may itself hold blanks and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    state: fields[0] ?? '',
    parentPid: Number(fields[1]),
    startTicks: fields[19] ?? '',
    threads: Number(fields[17]),
  };
}

function isGone(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ESRCH';
}

/** Sends a signal to a process unless it is gone. */
export function signal(process_: RecordedProcess, name: NodeJS.Signals): void {
  if (!isAlive(process_)) {
    return;
  }
  try {
    process.kill(process_.pid, name);
  } catch (error) {
    if (!isGone(error)) {
      throw error;
    }
  }
}

/** Waits until every process is gone; answers those that are left after `withinMs`. */
async function waitForExit(
  processes: readonly RecordedProcess[],
  withinMs: number,
): Promise<RecordedProcess[]> {
  const deadline = performance.now() + withinMs;
  let left = processes.filter(isAlive);
  while (left.length > 0 && performance.now() < deadline) {
    await delay(20);
    left = left.filter(isAlive);
  }
  return left;
}

/** Ends processes: asks with `first`, and kills those that are still there after `graceMs`. */
export async function endProcesses(
  processes: readonly RecordedProcess[],
  first: NodeJS.Signals,
  graceMs: number,
): Promise<void> {
  for (const process_ of processes) {
    signal(process_, first);
  }
  const stubborn = await waitForExit(processes, graceMs);
  for (const process_ of stubborn) {
    signal(process_, 'SIGKILL');
  }
  const left = await waitForExit(stubborn, 10_000);
  if (left.length > 0) {
    throw new Error(`processes ${left.map((one) => one.pid).join(', ')} do not end`);
  }
}
