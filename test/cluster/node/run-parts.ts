// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { probe } from './health.ts';
import type { Probe } from './inside/probe.ts';
import { type Layout, layoutOf } from './layout.ts';
import type { Part } from './part.ts';
import { partsOf } from './parts.ts';
import {
  endProcesses,
  forget,
  isAlive,
  launch,
  logPath,
  type RecordedProcess,
  runningProcess,
  signal,
} from './processes.ts';
import { requireState } from './state.ts';
import { dropTornLine } from './torn-line.ts';

/** How long a part may take until it answers. */
const startDeadlineMs = 60_000;
/** How long a part may take to end by itself. */
const stopGraceMs = 10_000;

/** Starts a part that is not running; does not wait until it answers. */
export function launchPart(layout: Layout, part: Part, programFolders: readonly string[]): RecordedProcess {
  const running = runningProcess(layout, part.name);
  if (running !== undefined) {
    return running;
  }
  if (part.appendsTo !== undefined) dropTornLine(part.appendsTo);
  const [program, ...rest] = part.command;
  const path = programFolders
    .map((folder) => join(folder, program))
    .find((candidate) => existsSync(candidate));
  return launch(layout, { ...part, command: [path ?? program, ...rest] });
}

/** Waits until all probes succeed; throws with the log of the part that has ended or does not answer. */
export async function waitForProbes(
  layout: Layout,
  parts: readonly Part[],
  probes: readonly Probe[],
): Promise<void> {
  const deadline = performance.now() + startDeadlineMs;
  for (;;) {
    const dead = parts.find((part) => runningProcess(layout, part.name) === undefined);
    if (dead !== undefined) {
      throw new Error(`${dead.name} has ended\n${logTail(layout, dead.name)}`);
    }
    const answers = await probe(layout, probes, 3_000);
    const unhealthy = answers.find((answer) => !answer.healthy);
    if (unhealthy === undefined) {
      return;
    }
    if (performance.now() > deadline) {
      const part = parts.find((one) => one.name === unhealthy.name) ?? parts.at(-1);
      const log = part === undefined ? '' : `\n${logTail(layout, part.name)}`;
      throw new Error(`${unhealthy.name}: ${unhealthy.problem} after ${startDeadlineMs / 1_000} s${log}`);
    }
  }
}

const tailLines = 15;

/** The end of a part's log, with its path. */
export function logTail(layout: Layout, part: string): string {
  const path = logPath(layout, part);
  const lines = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
  return [`${path}:`, ...lines.slice(-tailLines)].join('\n');
}

function requirePart(layout: Layout, name: string): { part: Part; programFolders: string[] } {
  const { profile, programFolders } = requireState(layout);
  const parts = partsOf(layout, profile);
  const part = parts.find((one) => one.name === name);
  if (part === undefined) {
    throw new Error(
      `cluster "${layout.name}" has no part "${name}"; it has ${parts.map((one) => one.name).join(', ')}`,
    );
  }
  return { part, programFolders };
}

/**
 * Ends one part of a running cluster and waits until its process is gone. `SIGKILL` ends it at once, as a crash
 * does; after another signal it has ten seconds. Nothing restarts it. Works inside and outside the cluster.
 */
export async function stopPart(
  cluster: string,
  name: string,
  first: NodeJS.Signals = 'SIGTERM',
): Promise<void> {
  const layout = layoutOf(cluster);
  const { part } = requirePart(layout, name);
  const running = runningProcess(layout, part.name);
  if (running !== undefined) {
    await endProcesses([running], first, stopGraceMs);
  }
  forget(layout, part.name);
}

/** Starts one part of a cluster, unless it runs, and waits until it answers. */
export async function startPart(cluster: string, name: string): Promise<void> {
  const layout = layoutOf(cluster);
  const { part, programFolders } = requirePart(layout, name);
  launchPart(layout, part, programFolders);
  await waitForProbes(layout, [part], [part.probe]);
}

/** Sends a signal to a running part: SIGSTOP makes it hang with its connections open, SIGCONT ends that. */
export function signalPart(cluster: string, name: string, what: NodeJS.Signals): void {
  const layout = layoutOf(cluster);
  const { part } = requirePart(layout, name);
  const running = runningProcess(layout, part.name);
  if (running === undefined || !isAlive(running)) {
    throw new Error(`${name} of cluster "${cluster}" does not run`);
  }
  signal(running, what);
}
