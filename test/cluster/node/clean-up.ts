// SPDX-License-Identifier: Apache-2.0
import { existsSync, rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../error-code.ts';
import { cgroupPids, removeCgroups } from './cgroups.ts';
import type { Layout } from './layout.ts';
import { removeMounts } from './mounts.ts';
import { networkPids, removeNetwork } from './network.ts';
import {
  endProcesses,
  parentOf,
  type RecordedProcess,
  recordedParts,
  runningProcess,
  startTicksOf,
} from './processes.ts';

const graceMs = 3_000;

/** Whether anything of a cluster is on the machine, whole or not. */
export function hasTraces(layout: Layout): boolean {
  return [layout.stateDir, layout.runDir, layout.netnsPath].some((path) => existsSync(path));
}

/**
 * Removes every trace of a cluster, in whatever state it was left: processes by record, by cgroup and by
 * network namespace, then mounts, cgroups, the namespace and the files.
 */
export async function cleanUp(layout: Layout): Promise<void> {
  await endParts(layout);
  await endMembers(layout);
  await removeMounts(layout);
  await removeCgroups(layout);
  await removeNetwork(layout);
  rmSync(layout.runDir, { recursive: true, force: true });
  rmSync(layout.stateDir, { recursive: true, force: true });
  removeIfEmpty(dirname(layout.runDir));
}

async function endParts(layout: Layout): Promise<void> {
  const running = recordedParts(layout).flatMap((name) => runningProcess(layout, name) ?? []);
  // Nothing of the data outlives the cluster, so nobody needs the time to say goodbye.
  await endProcesses(running, 'SIGKILL', graceMs);
}

/** What the parts started (pods, shims), what `exec` started, and parts whose record is lost. */
async function endMembers(layout: Layout): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    const own = new Set(ancestors(process.pid));
    const cgroup = identify(cgroupPids(layout).filter((pid) => !own.has(pid)));
    const network = identify((await networkPids(layout)).filter((pid) => !own.has(pid)));
    if (cgroup.length + network.length === 0) {
      return;
    }
    await endProcesses(cgroup, 'SIGKILL', graceMs);
    await endProcesses(network, 'SIGTERM', graceMs);
  }
  throw new Error(`processes of cluster "${layout.name}" keep coming; see ip netns pids ${layout.netns}`);
}

function identify(pids: readonly number[]): RecordedProcess[] {
  return pids.flatMap((pid) => {
    const startTicks = startTicksOf(pid);
    return startTicks === undefined ? [] : [{ pid, startTicks }];
  });
}

function ancestors(pid: number): number[] {
  const parent = parentOf(pid);
  return parent === undefined || parent === 0 ? [pid] : [pid, ...ancestors(parent)];
}

function removeIfEmpty(dir: string): void {
  try {
    rmdirSync(dir);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOTEMPTY' && code !== 'ENOENT') {
      throw error;
    }
  }
}
