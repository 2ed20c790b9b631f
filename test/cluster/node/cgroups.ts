// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Layout } from './layout.ts';

// Every part of a cluster starts in <cgroup>/parts, and its children (containerd's shims) inherit it; the
// kubelet keeps pods in <cgroup>/pods. So whatever became of the recorded pids, the members are known.

const mountPoint = '/sys/fs/cgroup';
const isUnified = existsSync(join(mountPoint, 'cgroup.controllers'));

/** The hierarchies a cluster's cgroups are made in: one per controller (v1), or the unified one (v2). */
function hierarchies(): string[] {
  if (isUnified) {
    return [mountPoint];
  }
  const mounted = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return mounted.flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const path = before.split(' ')[4];
    return after.startsWith('cgroup ') && path !== undefined ? [path] : [];
  });
}

/** The file that a process writes 0 to, to become a member of the cluster. */
export function partsProcsFile(layout: Layout): string {
  const root = isUnified ? mountPoint : join(mountPoint, 'pids');
  return join(root, layout.cgroup, 'parts/cgroup.procs');
}

export function createCgroups(layout: Layout): void {
  for (const hierarchy of hierarchies()) {
    const top = join(hierarchy, layout.cgroup);
    createCgroup(hierarchy, top);
    createCgroup(top, join(top, 'pods'));
    createCgroup(top, join(top, 'parts'));
  }
}

function createCgroup(parent: string, path: string): void {
  if (isUnified) {
    const controllers = readFileSync(join(parent, 'cgroup.controllers'), 'utf8').trim().split(' ');
    writeFileSync(join(parent, 'cgroup.subtree_control'), controllers.map((name) => `+${name}`).join(' '));
  }
  mkdirSync(path, { recursive: true });
  // A new v1 cpuset has no processors, so nothing may enter it.
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    if (!isUnified && existsSync(join(path, file))) {
      writeFileSync(join(path, file), readFileSync(join(parent, file)));
    }
  }
}

/** The pids of all members, in every hierarchy. */
export function cgroupPids(layout: Layout): number[] {
  const pids = hierarchies().flatMap((hierarchy) =>
    cgroupsBelow(join(hierarchy, layout.cgroup)).flatMap((path) => membersOf(path)),
  );
  return [...new Set(pids)];
}

/** Removes the cluster's cgroups. A process that just ended keeps its own until its parent has noticed. */
export async function removeCgroups(layout: Layout): Promise<void> {
  const deadline = performance.now() + removeWithinMs;
  for (const hierarchy of hierarchies()) {
    for (const path of cgroupsBelow(join(hierarchy, layout.cgroup)).reverse()) {
      while (!removeUnlessBusy(path, performance.now() < deadline)) {
        await delay(20);
      }
    }
  }
}

const removeWithinMs = 10_000;

function removeUnlessBusy(path: string, mayWait: boolean): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    if (mayWait && error instanceof Error && 'code' in error && error.code === 'EBUSY') {
      return false;
    }
    throw error;
  }
}

/** A cgroup and all below it, parents first; none when it does not exist. */
function cgroupsBelow(path: string): string[] {
  if (!existsSync(path)) {
    return [];
  }
  const children = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [path, ...children.flatMap((entry) => cgroupsBelow(join(path, entry.name)))];
}

function membersOf(path: string): number[] {
  return readFileSync(join(path, 'cgroup.procs'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}
