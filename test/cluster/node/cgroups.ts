// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../error-code.ts';
import type { Layout } from './layout.ts';

// Every part of a cluster starts in <cgroup>/parts, and its children (containerd's shims) inherit it; the
// kubelet keeps pods in <cgroup>/pods. So whatever became of the recorded pids, the members are known.

/** Eight threads: what pods burn leaves the parts time to work. */
const POD_SHARES = 8192;

const mountPoint = '/sys/fs/cgroup';
const isUnified = existsSync(join(mountPoint, 'cgroup.controllers'));

interface Hierarchy {
  path: string;
  /** Whether it is one controller's own, with files that a new cgroup must be given. */
  isV1: boolean;
}

/** Every hierarchy of the machine: one per controller (v1), the unified one (v2), or both kinds. */
function hierarchies(): Hierarchy[] {
  const mounted = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return mounted.flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const path = before.split(' ')[4];
    const isV1 = after.startsWith('cgroup ');
    return path !== undefined && (isV1 || after.startsWith('cgroup2 ')) ? [{ path, isV1 }] : [];
  });
}

/** The file that a process writes 0 to, to become a member of the cluster. */
export function partsProcsFile(layout: Layout): string {
  const root = isUnified ? mountPoint : join(mountPoint, 'pids');
  return join(root, layout.cgroup, 'parts/cgroup.procs');
}

export function createCgroups(layout: Layout): void {
  // Where both kinds are mounted, the unified hierarchy has no controllers; runc makes what it needs there.
  for (const { path, isV1 } of hierarchies().filter((one) => one.isV1 || isUnified)) {
    const top = join(path, layout.cgroup);
    createCgroup(path, top, isV1);
    createCgroup(top, join(top, 'pods'), isV1);
    createCgroup(top, join(top, 'parts'), isV1);
  }
  weighPods(layout);
}

function createCgroup(parent: string, path: string, isV1: boolean): void {
  if (!isV1) {
    const controllers = readFileSync(join(parent, 'cgroup.controllers'), 'utf8').match(/\S+/g) ?? [];
    writeFileSync(join(parent, 'cgroup.subtree_control'), controllers.map((name) => `+${name}`).join(' '));
  }
  mkdirSync(path, { recursive: true });
  // A new v1 cpuset has no processors, so nothing may enter it.
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    if (isV1 && existsSync(join(path, file))) {
      writeFileSync(join(path, file), readFileSync(join(parent, file)));
    }
  }
}

/**
 * What all pods of a cluster together weigh to the scheduler, where its parts are in the root group (v1) and each of their
 * threads weighs 1024. With cgroup v2 pods and parts are two groups of the same weight, and this does nothing.
 */
export function weighPods(layout: Layout, shares = POD_SHARES): void {
  for (const { path } of hierarchies().filter(({ isV1 }) => isV1)) {
    const top = join(path, layout.cgroup);
    for (const file of [top, join(top, 'pods')].map((group) => join(group, 'cpu.shares'))) {
      if (existsSync(file)) writeFileSync(file, String(shares));
    }
  }
}

/** The pids of all members, in every hierarchy. */
export function cgroupPids(layout: Layout): number[] {
  const pids = hierarchies().flatMap((hierarchy) =>
    cgroupsBelow(join(hierarchy.path, layout.cgroup)).flatMap((path) => membersOf(path)),
  );
  return [...new Set(pids)];
}

/** Removes the cluster's cgroups. A process that just ended keeps its own until its parent has noticed. */
export async function removeCgroups(layout: Layout): Promise<void> {
  const deadline = performance.now() + removeWithinMs;
  for (const hierarchy of hierarchies()) {
    for (const path of cgroupsBelow(join(hierarchy.path, layout.cgroup)).reverse()) {
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
    const code = errorCode(error);
    if (code !== 'ENOENT' && !(code === 'EBUSY' && mayWait)) {
      throw error;
    }
    return code === 'ENOENT';
  }
}

/** A cgroup and all below it, parents first; none when it does not exist. */
function cgroupsBelow(path: string): string[] {
  const entries = unlessGone(() => readdirSync(path, { withFileTypes: true }));
  if (entries === undefined) {
    return [];
  }
  const children = entries.filter((entry) => entry.isDirectory());
  return [path, ...children.flatMap((entry) => cgroupsBelow(join(path, entry.name)))];
}

function membersOf(path: string): number[] {
  const text = unlessGone(() => readFileSync(join(path, 'cgroup.procs'), 'utf8')) ?? '';
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}

/** What a read answers; undefined when the cgroup went away meanwhile, as those of ending pods do. */
function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOENT' && code !== 'ENODEV') {
      throw error;
    }
    return undefined;
  }
}
